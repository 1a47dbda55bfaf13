-- story: A row that the branch deleted was decided for main, which has it; later work of the task
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* del */ DELETE FROM t WHERE id = 1;
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = main
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'one is gone');
-- check
del: changed or undecided
-- promote
outcome: nothing or held
