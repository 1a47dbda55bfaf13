-- story: A row that a sibling's later promotion put in again is not taken out with the first one
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1);
-- branch
alice> INSERT INTO t VALUES (5, 50);
-- promote
outcome: landed
-- main
DELETE FROM t WHERE id = 5;
-- sibling b of now
bob> INSERT INTO t VALUES (5, 50);
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT id FROM t ORDER BY id;
= 1
= 5
