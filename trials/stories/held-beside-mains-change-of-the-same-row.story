-- story: A row of which the unit stays behind for another reason, and only the two together meet a condition
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
CREATE TABLE s (id int PRIMARY KEY, n int);
INSERT INTO s VALUES (1, 1);
-- branch
alice> SET anabranch.task = 'a';
alice> SELECT n FROM s WHERE id = 1;
alice> UPDATE t SET m = 5 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> few: SELECT count(*) FROM t WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'none under nine with nought');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
UPDATE s SET n = 2;
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
