-- story: A row put in and removed again of a table that a partitioned one refers to, on a quiet main
-- base
CREATE TABLE c (id int PRIMARY KEY, e text UNIQUE);
CREATE TABLE o (id int, k int, c int REFERENCES c, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE o1 PARTITION OF o FOR VALUES IN (1);
INSERT INTO c VALUES (1, 'a');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO c VALUES (2, NULL);
bob> UPDATE c SET e = 'x' WHERE id = 2;
bob> COMMIT;
bob> INSERT INTO note VALUES (1, 'customer');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
