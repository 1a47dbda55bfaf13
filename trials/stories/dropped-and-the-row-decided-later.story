-- story: A unit was dropped for a conflict, main goes on, and a conflict of the same row is decided for another unit
-- base
CREATE TABLE t (id int PRIMARY KEY, a int, b int);
INSERT INTO t VALUES (1, 1, 1);
-- branch
alice> SET anabranch.task = 'x';
alice> UPDATE t SET a = 2 WHERE id = 1;
bob> SET anabranch.task = 'y';
bob> UPDATE t SET b = 5 WHERE id = 1;
-- main
UPDATE t SET b = 9 WHERE id = 1;
-- promote dry run
decide: conflict t = drop
outcome: landed
dropped: 1
-- main
UPDATE t SET a = 7, b = 1 WHERE id = 1;
-- promote
decide: conflict t = branch
outcome: landed
landed: 1
dropped: 1
-- main has
SELECT a, b FROM t;
= 2, 1
