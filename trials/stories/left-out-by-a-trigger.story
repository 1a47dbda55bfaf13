-- story: DELETE that finds nothing beside a trigger; main puts it in
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE period (id int PRIMARY KEY, open boolean);
INSERT INTO period VALUES (1, true);
CREATE TABLE e (id int PRIMARY KEY, n int);
CREATE FUNCTION must() RETURNS void LANGUAGE plpgsql AS $$ BEGIN IF NOT (SELECT open FROM period WHERE id = 1) THEN RAISE EXCEPTION 'closed'; END IF; END $$;
CREATE TABLE aud (id serial PRIMARY KEY, w text);
CREATE FUNCTION au() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO aud (w) VALUES ('x'); RETURN NEW; END $$;
CREATE TRIGGER a AFTER INSERT ON e FOR EACH ROW EXECUTE FUNCTION au();
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ DELETE FROM e WHERE n = 5;
bob> INSERT INTO e VALUES (6, 1);
bob> COMMIT;
-- promote
outcome: landed
-- main
INSERT INTO e VALUES (5, 5);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
