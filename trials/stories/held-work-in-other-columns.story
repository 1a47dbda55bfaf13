-- story: Who read other columns of a row does not wait for the work that wrote to it
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE TABLE x (id int PRIMARY KEY, v int);
INSERT INTO x VALUES (1, 1);
CREATE TABLE u (id int PRIMARY KEY, n int);
-- branch
alice> SET anabranch.task = 'one';
alice> seen: SELECT v FROM x WHERE id = 1;
alice> UPDATE t SET v = 9 WHERE id = 1;
bob> SET anabranch.task = 'two';
bob> counted: SELECT count(*) FROM t;
bob> other: SELECT w FROM t WHERE id = 1;
bob> INSERT INTO u VALUES (1, 2);
carol> SET anabranch.task = 'three';
carol> same: SELECT v FROM t WHERE id = 1;
carol> INSERT INTO u VALUES (2, 9);
-- main
UPDATE x SET v = 2;
-- check
seen: changed 1 -> 2
counted: holds
other: holds
same: holds
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT id FROM u;
= 1
