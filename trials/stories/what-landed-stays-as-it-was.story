-- story: Whatever landed is as it was while main changes nothing of it, and is looked at again when it does
-- base
CREATE TABLE ord (id serial PRIMARY KEY, st text, n int, at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON ord FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE lim (id int PRIMARY KEY, n int);
INSERT INTO lim VALUES (1, 5);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE PROCEDURE must_be_below(x int) LANGUAGE plpgsql AS $$ BEGIN IF x >= (SELECT n FROM lim) THEN RAISE EXCEPTION 'too many'; END IF; END $$;
CREATE FUNCTION left_of(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT n FROM lim) - x; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* below */ CALL must_be_below(3);
bob> left: SELECT left_of(3);
bob> made: INSERT INTO ord (st, n) VALUES ('new', 3) RETURNING id, n * 2;
bob> /* none */ UPDATE ord SET st = 'lost' WHERE n = 99;
bob> COMMIT;
bob> UPDATE ord SET st = 'paid' WHERE n = 3;
bob> UPDATE ord SET st = 'sent' WHERE n = 3;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'a');
-- check
below: holds
left: holds
made: holds
none: holds
-- promote
outcome: landed
-- main
UPDATE lim SET n = 2;
-- branch
bob> INSERT INTO note VALUES (2, 'b');
-- check
below: changed or undecided
left: changed or undecided
-- promote
outcome: held
-- main has
SELECT id FROM note;
= 1
