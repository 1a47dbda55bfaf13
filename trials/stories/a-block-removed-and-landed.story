-- story: Main puts in rows that a function sees by what the branch has removed and landed
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE TABLE blk (id int PRIMARY KEY);
INSERT INTO blk VALUES (1);
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT count(*) FROM t WHERE NOT EXISTS (SELECT FROM blk) $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT g();
ann> SET anabranch.task = 'a';
ann> DELETE FROM blk;
-- promote
outcome: landed
-- main
INSERT INTO t VALUES (3, 3, 3);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
