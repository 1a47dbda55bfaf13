-- story: Main changed a row that had landed, and another cell of it is in a unit that is dropped
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (4, 20, 0);
-- branch
carol> SET anabranch.task = 'c';
carol> INSERT INTO t VALUES (3, 10, 0);
-- promote
outcome: landed
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET m = 5 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
