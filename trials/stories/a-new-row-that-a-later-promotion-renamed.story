-- story: A new row that a later promotion gave another key is not called gone
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
-- branch
alice> INSERT INTO t VALUES (5, 50);
-- promote
outcome: landed
-- sibling b of now
bob> UPDATE t SET id = 6 WHERE id = 5;
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT id FROM t;
= 6
