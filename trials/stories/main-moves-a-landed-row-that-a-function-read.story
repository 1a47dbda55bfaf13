-- story: main changes a row that the branch put in and landed; a function had read it before more landed
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT sum(v) FROM t $$;
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO t VALUES (3, 3, 3);
bob> told: SELECT f();
bob> UPDATE t SET w = 5 WHERE id = 2;
-- promote
outcome: landed
-- main
UPDATE t SET v = 7 WHERE id = 3;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
