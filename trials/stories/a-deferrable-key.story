-- story: A table whose key may wait until the commit is a table with a key
-- base
CREATE TABLE t (id int PRIMARY KEY DEFERRABLE, v int);
INSERT INTO t VALUES (1, 1);
CREATE TABLE u (id int PRIMARY KEY, p int UNIQUE DEFERRABLE, v int);
INSERT INTO u VALUES (1, 1, 1);
-- branch
alice> v: SELECT v FROM t WHERE id = 1;
bob> UPDATE u SET v = 2 WHERE id = 1;
-- main
UPDATE t SET v = 1 WHERE id = 1;
-- check
v: holds
-- promote
outcome: landed
-- main has
SELECT v FROM u
= 2
