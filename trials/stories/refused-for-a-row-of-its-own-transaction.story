-- story: Main removes what had refused a DELETE, and a row of its own transaction refuses it now
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, w int);
INSERT INTO t VALUES (1, 1, 1), (2, 2, 2);
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
INSERT INTO p VALUES (1);
INSERT INTO c VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT a;
bob!> /* told */ DELETE FROM p WHERE id = 1;
bob> ROLLBACK TO SAVEPOINT a;
bob> INSERT INTO c VALUES (2, 1);
bob> UPDATE t SET v = 5 WHERE id = 1;
bob> COMMIT;
-- main
UPDATE t SET w = 9 WHERE id = 1;
-- promote
outcome: landed
-- main
DELETE FROM c WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
