-- story: a parent was removed and put in again, told that nobody names it; main has a child now
-- base
CREATE TABLE p (id int PRIMARY KEY, n int);
INSERT INTO p VALUES (1, 1);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* removed */ DELETE FROM p WHERE id = 1;
bob> INSERT INTO p VALUES (1, 2);
bob> INSERT INTO note VALUES (1, 'a');
bob> COMMIT;
-- promote
outcome: landed
-- main
INSERT INTO c VALUES (5, 1);
-- branch
bob> INSERT INTO note VALUES (2, 'nobody names 1');
-- check
removed: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 1
