-- story: Whose order landed beside a row that main changed as well has counted orders before
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE TABLE o (id int PRIMARY KEY, c int);
INSERT INTO o VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT count(*) FROM o;
bob> BEGIN;
bob> INSERT INTO o VALUES (2, 1);
bob> UPDATE t SET v = 5 WHERE id = 1;
bob> COMMIT;
-- main
UPDATE t SET w = 9 WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed or undecided
-- promote
outcome: landed
