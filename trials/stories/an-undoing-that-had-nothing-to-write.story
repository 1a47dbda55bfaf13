-- story: An undoing that found all of it gone already stands in nobody's way
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 10);
-- branch
alice> UPDATE t SET n = 9 WHERE id = 1;
-- promote
outcome: landed
-- main
UPDATE t SET n = 10 WHERE id = 1;
-- undo 1
outcome: landed
-- main
UPDATE t SET n = 9 WHERE id = 1;
-- undo 1
outcome: landed
-- main has
SELECT n FROM t;
= 10
-- undo
outcome: landed
-- main has
SELECT n FROM t;
= 9
