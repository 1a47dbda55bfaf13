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
-- branch
carol> still: SELECT v FROM t WHERE id = 1;
carol> UPDATE u SET v = 3 WHERE id = 1;
-- promote
outcome: landed
facts: none
-- branch
dave> old: SELECT v FROM t WHERE id = 1;
dave> UPDATE u SET v = 4 WHERE id = 1;
-- main
UPDATE t SET v = 5 WHERE id = 1;
-- check
old: changed 1 -> 5
-- promote
outcome: held
fact: answer old
-- main has
SELECT v FROM u
= 3
