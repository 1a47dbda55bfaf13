-- story: A write to a column that main has dropped is held for a person
-- base
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
INSERT INTO t VALUES (1, 1, 1);
-- branch
alice> /* wrote */ UPDATE t SET b = 2 WHERE id = 1;
-- main
ALTER TABLE t DROP COLUMN b;
-- promote
outcome: held
held: 1
fact: answer wrote
-- promote accepting wrote
outcome: held
held: 1
fact: constraint
-- main has
SELECT id, a FROM t
= 1, 1
