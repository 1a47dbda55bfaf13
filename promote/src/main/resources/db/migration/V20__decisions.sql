-- What people decided of facts, each decision a row of its own: the last one of a fact counts, and the earlier ones say how it came
-- to that. 'state' is what the fact looked like then; 'fact' is all of it, so that it can be told when it is there no more.
CREATE TABLE decisions (
  id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  branch_id         bigint NOT NULL,
  fact_id           text NOT NULL,
  state             text NOT NULL,
  choice            text NOT NULL,
  cells             jsonb NOT NULL DEFAULT '{}',
  unit_ids          bigint[] NOT NULL,
  fact              jsonb NOT NULL,
  who               text NOT NULL,
  why               text,
  as_of             text NOT NULL,
  decided_at        timestamptz NOT NULL
);
CREATE INDEX decisions_of_branch ON decisions (branch_id, fact_id, id DESC);

-- Plans that were shown and can be approved: 'parts' says what of it is what, to tell what is different when it is another by then.
CREATE TABLE plans (
  branch_id         bigint NOT NULL,
  id                text NOT NULL,
  accepted          bigint[] NOT NULL,
  parts             jsonb NOT NULL,
  planned_at        timestamptz NOT NULL,
  PRIMARY KEY (branch_id, id)
);
