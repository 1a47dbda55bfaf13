-- story: Code that only looked, in work that has landed, holds nothing while main changes elsewhere
-- base
CREATE TABLE period (id int PRIMARY KEY, open boolean);
INSERT INTO period VALUES (1, true), (2, true);
CREATE TABLE entry (id int PRIMARY KEY, n int);
CREATE PROCEDURE must_be_open() LANGUAGE plpgsql AS $$ BEGIN IF NOT (SELECT open FROM period WHERE id = 1) THEN RAISE EXCEPTION 'closed'; END IF; END $$;
CREATE FUNCTION is_open() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT open FROM period WHERE id = 1); END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* looked */ CALL must_be_open();
bob> INSERT INTO entry VALUES (1, 1);
bob> COMMIT;
eve> SET anabranch.task = 'e';
eve> BEGIN;
eve> open: SELECT is_open();
eve> INSERT INTO entry VALUES (11, 1);
eve> COMMIT;
-- promote
outcome: landed
-- main
UPDATE period SET open = false WHERE id = 2;
-- branch
bob> INSERT INTO entry VALUES (2, 2);
eve> INSERT INTO entry VALUES (12, 2);
-- check
looked: holds
open: holds
-- promote
outcome: landed
-- main
UPDATE period SET open = false WHERE id = 1;
-- branch
bob> INSERT INTO entry VALUES (3, 2);
eve> INSERT INTO entry VALUES (13, 2);
-- check
looked: changed or undecided
open: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM entry;
= 4
