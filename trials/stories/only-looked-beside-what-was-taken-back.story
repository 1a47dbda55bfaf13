-- story: a procedure that only looks beside an INSERT that was taken back to a savepoint
-- base
CREATE TABLE period (id int PRIMARY KEY, open boolean);
INSERT INTO period VALUES (1, true), (2, true);
CREATE TABLE entry (id int PRIMARY KEY, n int);
INSERT INTO entry VALUES (10, 10), (11, 11);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE PROCEDURE must_be_open() LANGUAGE plpgsql AS $$ BEGIN IF NOT (SELECT open FROM period WHERE id = 1) THEN RAISE EXCEPTION 'closed'; END IF; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* looked */ CALL must_be_open();
bob> SAVEPOINT s;
bob> INSERT INTO entry VALUES (1, 1);
bob> ROLLBACK TO SAVEPOINT s;
bob> INSERT INTO entry VALUES (2, 2);
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE period SET open = false WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (2, 'b');
-- check
looked: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
