-- story: WITH updates one and the statement none; main makes the latter match
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE e (id int PRIMARY KEY, n int);
CREATE TABLE x (id int PRIMARY KEY, v int);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ WITH d AS (UPDATE t SET v = 7 WHERE id = 1 RETURNING id) DELETE FROM x WHERE v = 6;
bob> INSERT INTO e VALUES (1, 1);
bob> COMMIT;
-- promote
outcome: landed
-- main
INSERT INTO x VALUES (1, 6);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
