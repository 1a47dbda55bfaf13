-- story: optimistic lock is lost beside an updated_at trigger, goes the other way
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE e (id int PRIMARY KEY, n int);
CREATE FUNCTION au() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION au();
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ UPDATE t SET v = 5 WHERE id = 1 AND v = 0;
bob> INSERT INTO e VALUES (1, 404);
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE t SET v = 0 WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
