-- story: Calls that write and calls that read follow each other in one session
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT sum(v) FROM t $$;
CREATE FUNCTION add(i int) RETURNS int LANGUAGE sql AS $$ INSERT INTO t VALUES (i, 1, 1); SELECT i $$;
-- branch
bob> SET anabranch.task = 'b';
bob> again: SELECT add(5);
bob> told: SELECT f();
bob> SELECT add(6);
bob> SELECT f();
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
again: holds
-- promote
outcome: landed
