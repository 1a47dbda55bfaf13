-- story: an UPDATE that finds nothing by code, beside a CALL
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE lim (id int PRIMARY KEY, v int);
INSERT INTO lim VALUES (1, 5);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 9);
CREATE FUNCTION lim() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT v FROM lim WHERE id = 1); END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ UPDATE t SET v = 0 WHERE v < lim();
bob> INSERT INTO t VALUES (2, 20);
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE lim SET v = 15;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
