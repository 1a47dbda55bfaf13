-- story: The branch's own change of a table is recorded and held, not lost
-- base
CREATE TABLE t (id int PRIMARY KEY, a int);
INSERT INTO t VALUES (1, 1);
-- branch
alice> ALTER TABLE t ADD COLUMN b int;
alice> /* wrote */ UPDATE t SET b = 5 WHERE id = 1;
-- promote
outcome: held
fact: answer wrote
fact: constraint
-- promote accepting wrote
outcome: held
fact: constraint
-- main has
SELECT * FROM t
= 1, 1
