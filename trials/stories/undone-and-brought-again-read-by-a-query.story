-- story: The same, read by a query
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT sum(v) FROM t;
ann> SET anabranch.task = 'a';
ann> UPDATE t SET v = v + 4;
-- promote
outcome: landed
-- undo
outcome: landed
-- main
UPDATE t SET v = 5 WHERE id = 1;
-- undo
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
