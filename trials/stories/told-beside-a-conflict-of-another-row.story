-- story: A conflict decided for main, and a row of the same table that a later unit of the task put in as it was told
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> UPDATE t SET qty = 11 WHERE id = 1;
bob> told: INSERT INTO t VALUES (5, 50) RETURNING id, qty;
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = main
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'fifty');
-- check
told: holds
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
