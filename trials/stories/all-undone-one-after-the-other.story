-- story: When all promotions are undone, in whatever order, main has what it had
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
-- branch
alice> INSERT INTO t VALUES (5, 50);
-- promote
outcome: landed
-- branch
alice> DELETE FROM t WHERE id = 5;
-- promote
outcome: landed
-- branch
alice> INSERT INTO t VALUES (5, 50);
-- promote
outcome: landed
-- undo 1
outcome: held
-- undo 3
outcome: landed
-- undo 2
outcome: landed
-- undo 1
outcome: landed
-- main has
SELECT count(*) FROM t;
= 0
