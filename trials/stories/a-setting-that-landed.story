-- story: Main changes rows that a function sees by a setting that the branch landed
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE TABLE s (id int PRIMARY KEY, o boolean);
INSERT INTO s VALUES (1, false);
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT CASE WHEN (SELECT o FROM s) THEN (SELECT sum(v) FROM t) ELSE 0 END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT g();
ann> SET anabranch.task = 'a';
ann> UPDATE s SET o = true;
-- promote
outcome: landed
-- main
UPDATE t SET v = 70 WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
