-- story: A row deleted and made again with another text of its key
-- base
CREATE TABLE t (k numeric PRIMARY KEY, n int);
INSERT INTO t VALUES (1.0, 10);
-- branch
alice> DELETE FROM t WHERE k = 1;
alice> INSERT INTO t VALUES (1.00, 20);
-- promote
outcome: landed
-- main has
SELECT k, n FROM t;
= 1.00, 20
