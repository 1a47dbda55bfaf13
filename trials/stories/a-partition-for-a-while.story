-- story: A table that was a partition for a while gave rows that main never had there
-- base
CREATE TABLE part (id int, kind int) PARTITION BY LIST (kind);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE loose (id int, kind int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO part VALUES (1, 1), (2, 1);
INSERT INTO loose VALUES (3, 2);
-- branch
ann> before: SELECT count(*) FROM part;
ann> ALTER TABLE part ATTACH PARTITION loose FOR VALUES IN (2);
ann> meanwhile: SELECT count(*) FROM part;
ann> INSERT /* ann */ INTO note VALUES (1, '3 rows');
ann> ALTER TABLE part DETACH PARTITION loose;
ann> after: SELECT count(*) FROM part;
-- check
before: holds
meanwhile: undecided
after: holds
-- promote
outcome: held
landed: 0
