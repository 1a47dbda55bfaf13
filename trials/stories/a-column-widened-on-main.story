-- story: A column holds larger numbers now; the values are the same
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
-- branch
alice> v: SELECT v FROM t WHERE id = 1;
alice> n: SELECT count(*) FROM t WHERE v > 1;
alice> UPDATE t SET v = 3 WHERE id = 2;
-- main
ALTER TABLE t ALTER v TYPE bigint;
-- check
v: holds
n: holds
