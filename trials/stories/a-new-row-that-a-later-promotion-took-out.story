-- story: A new row that a later promotion took out is that promotion's to bring back first
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
-- undo 1
outcome: held
-- undo 2
outcome: landed
-- main has
SELECT count(*) FROM t;
= 1
-- undo 1
outcome: landed
-- main has
SELECT count(*) FROM t;
= 0
