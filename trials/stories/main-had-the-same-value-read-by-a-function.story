-- story: main had set the same value before it landed; who read it before by a function
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT sum(v) FROM t $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT f();
ann> SET anabranch.task = 'a';
ann> UPDATE t SET v = 5 WHERE id = 1;
-- main
UPDATE t SET v = 5 WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
