-- story: A trial in a transaction that landed and was undone says what is so of it
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
CREATE TABLE log (id int PRIMARY KEY);
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
-- undo
outcome: landed
-- check
tried: holds
