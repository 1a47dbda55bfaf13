-- How columns of main combine when a branch and main both changed them. Nothing is ever edited: a later row takes the place of an
-- earlier one of the same column, and rule 'value' says that it combines no more. Columns are known by what main's catalogs call
-- them for itself, so that a rule stays where a table or a column gets another name.
CREATE TABLE merge_rules (
  version        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  table_oid      bigint NOT NULL,
  column_number  int NOT NULL,
  name           text NOT NULL,
  rule           text NOT NULL,
  who            text NOT NULL,
  set_at         timestamptz NOT NULL
);
CREATE INDEX merge_rules_of_column ON merge_rules (table_oid, column_number, version DESC);
