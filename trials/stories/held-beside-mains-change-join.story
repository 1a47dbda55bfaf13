-- story: A question over two tables, asked again with a row of a unit that is dropped laid over
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
CREATE TABLE u (id int PRIMARY KEY, t int, k int);
INSERT INTO u VALUES (1, 3, 1);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET m = 5 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t JOIN u ON u.t = t.id AND u.k = t.m WHERE t.qty < 9;
bob> INSERT INTO note VALUES (1, 'none');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
UPDATE u SET k = 0;
-- check
few: holds or changed or undecided
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
