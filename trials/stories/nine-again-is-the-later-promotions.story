-- story: Of a cell that came back to what the first promotion wrote, by later ones, the first takes nothing back
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 10);
-- branch
alice> UPDATE t SET n = 9 WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> UPDATE t SET n = 8 WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> UPDATE t SET n = 9 WHERE id = 1;
-- promote
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 9
