-- story: A value that a trigger let through and that was set back is asked for again when main moves the limit
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1);
CREATE TABLE lim (id int PRIMARY KEY, v int);
INSERT INTO lim VALUES (1, 5);
CREATE FUNCTION chk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v > (SELECT v FROM lim) THEN RAISE EXCEPTION 'over'; END IF; RETURN NEW; END $$;
CREATE TRIGGER c BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION chk();
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* within */ UPDATE t SET v = 4 WHERE id = 1;
bob> /* back */ UPDATE t SET v = 1 WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'a');
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE lim SET v = 2;
-- branch
bob> INSERT INTO note VALUES (2, 'four is allowed');
-- check
within: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 1
