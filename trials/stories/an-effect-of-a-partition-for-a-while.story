-- story: What was written by reading a partition of a while does not land
-- base
CREATE TABLE part (id int, kind int) PARTITION BY LIST (kind);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TABLE loose (id int, kind int) PARTITION BY LIST (id);
CREATE TABLE loose_5 PARTITION OF loose FOR VALUES IN (5);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO part VALUES (1, 1), (2, 1);
INSERT INTO loose VALUES (5, 2);
INSERT INTO note VALUES (1, '');
-- branch
ann> BEGIN;
ann> ALTER TABLE part ATTACH PARTITION loose FOR VALUES IN (2);
ann> UPDATE /* ann */ note SET words = (SELECT max(id) FROM part)::text WHERE id = 1;
ann> ALTER TABLE part DETACH PARTITION loose;
ann> COMMIT;
-- promote
outcome: held
landed: 0
