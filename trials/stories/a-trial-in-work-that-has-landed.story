-- story: A trial before a savepoint in a transaction that landed, and main takes the value since
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'y');
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob> /* tried */ INSERT INTO p VALUES (2, 'x');
bob> ROLLBACK TO s;
bob> INSERT INTO log VALUES (1);
bob> COMMIT;
-- promote
outcome: landed
-- main
INSERT INTO p VALUES (3, 'x');
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'x is free');
-- check
tried: changed or undecided
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
