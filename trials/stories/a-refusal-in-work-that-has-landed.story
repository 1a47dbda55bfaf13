-- story: A refusal before a savepoint in a transaction that landed, and main removes what was in the way
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'x');
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob!> /* refused */ INSERT INTO p VALUES (2, 'x');
bob> ROLLBACK TO s;
bob> INSERT INTO log VALUES (1);
bob> COMMIT;
-- promote
outcome: landed
-- main
DELETE FROM p WHERE id = 1;
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'x is taken');
-- check
refused: changed or undecided
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
