-- story: A later promotion wrote the cell again under another text of the key
-- base
CREATE TABLE t (k numeric PRIMARY KEY, n int);
INSERT INTO t VALUES (1.0, 10);
-- branch
alice> UPDATE t SET n = 9 WHERE k = 1;
-- promote
outcome: landed
-- main
UPDATE t SET k = 1.00, n = 8;
-- sibling b of now
bob> UPDATE t SET n = 9 WHERE k = 1;
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 9
