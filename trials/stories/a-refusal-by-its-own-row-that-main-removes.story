-- story: What a transaction was refused for a row of its own is asked again when main has removed that
-- base
CREATE TABLE person (id int PRIMARY KEY, mail text UNIQUE);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE PROCEDURE must_know(m text) LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT FROM person WHERE mail = m) THEN RAISE EXCEPTION 'unknown'; END IF; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO person VALUES (1, 'ann@x');
bob> SAVEPOINT s;
bob!> /* twice */ INSERT INTO person VALUES (2, 'ann@x');
bob> ROLLBACK TO SAVEPOINT s;
bob> /* known */ CALL must_know('ann@x');
bob> COMMIT;
-- promote
outcome: landed
-- main
DELETE FROM person WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'ann is there');
-- check
twice: changed or undecided
known: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
