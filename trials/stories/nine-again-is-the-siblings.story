-- story: A cell that a later promotion gave the same value is not taken back with the first
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 10);
-- branch
alice> UPDATE t SET n = 9 WHERE id = 1;
-- promote
outcome: landed
-- main
UPDATE t SET n = 8 WHERE id = 1;
-- sibling b of now
bob> UPDATE t SET n = 9 WHERE id = 1;
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 9
