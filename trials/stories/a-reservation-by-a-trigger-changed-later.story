-- story: reservations by a trigger, changed afterwards, quiet
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE prod (id int PRIMARY KEY, qty int);
INSERT INTO prod VALUES (1, 10), (2, 10);
CREATE TABLE line (id int PRIMARY KEY, prod int REFERENCES prod, q int);
CREATE FUNCTION rs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE prod SET qty = qty - NEW.q WHERE id = NEW.prod AND qty >= NEW.q; IF NOT FOUND THEN RAISE EXCEPTION 'sold out'; END IF; RETURN NEW; END $$;
CREATE TRIGGER r BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION rs();
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ INSERT INTO line VALUES (1, 1, 5);
bob> /* again */ INSERT INTO line VALUES (2, 1, 5);
bob> UPDATE line SET q = 4 WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
