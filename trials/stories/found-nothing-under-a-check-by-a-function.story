-- story: UPDATE 0 of a table with a CHECK by a function; main makes it match
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE e (id int PRIMARY KEY, n int);
CREATE FUNCTION ok(i int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN i < 9; END $$;
CREATE TABLE c (id int PRIMARY KEY, v int CHECK (ok(v)));
INSERT INTO c VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ UPDATE c SET v = 0 WHERE v = 6;
bob> INSERT INTO e VALUES (1, 1);
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE c SET v = 6 WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
