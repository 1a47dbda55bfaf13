-- story: main changes a row that the branch had landed before; a function had read it as it landed
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT sum(v) FROM t $$;
-- branch
bob> SET anabranch.task = 'b';
bob> UPDATE t SET w = 5 WHERE id = 1;
bob> told: SELECT f();
bob> UPDATE t SET w = 5 WHERE id = 2;
-- promote
outcome: landed
-- main
UPDATE t SET v = 7 WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
