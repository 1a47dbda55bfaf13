-- story: INSERT that a trigger leaves out (INSERT 0 0), beside another; main allows
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE lim (id int PRIMARY KEY, v int);
INSERT INTO lim VALUES (1, 5);
CREATE TABLE t (id int PRIMARY KEY, v int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v > (SELECT v FROM lim) THEN RETURN NULL; END IF; RETURN NEW; END $$;
CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ INSERT INTO t VALUES (1, 9);
bob> INSERT INTO t VALUES (2, 2);
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
