-- story: A refusal by a partitioned table's key, on a quiet main
-- base
CREATE TABLE o (id int, k int, e text, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE o1 PARTITION OF o FOR VALUES IN (1);
INSERT INTO o VALUES (1, 1, 'a');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob!> INSERT INTO o VALUES (1, 1, 'x');
bob> INSERT INTO note VALUES (1, 'refused');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
