-- story: Later promotions wrote the same value again, under a key that was taken back since
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 10);
-- branch
alice> UPDATE t SET n = 11 WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> UPDATE t SET id = 2 WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> UPDATE t SET n = 12 WHERE id = 2;
-- promote
outcome: landed
-- branch
alice> UPDATE t SET n = 11 WHERE id = 2;
-- promote
outcome: landed
-- undo 2
outcome: landed or held
-- undo 1
outcome: held
-- main has
SELECT n FROM t;
= 11
