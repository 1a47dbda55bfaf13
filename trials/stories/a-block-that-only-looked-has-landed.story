-- story: a block that only looks, in a transaction that has landed; main closes the period
-- base
CREATE TABLE period (id int PRIMARY KEY, open boolean);
INSERT INTO period VALUES (1, true);
CREATE TABLE entry (id int PRIMARY KEY, n int);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* looked */ DO $$ BEGIN IF NOT (SELECT open FROM period WHERE id = 1) THEN RAISE EXCEPTION 'closed'; END IF; END $$;
bob> INSERT INTO entry VALUES (1, 1);
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE period SET open = false;
-- branch
bob> INSERT INTO entry VALUES (2, 2);
-- check
looked: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM entry;
= 1
