-- story: audit trigger: put in and then updated; quiet
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, at timestamptz DEFAULT now());
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE aud (id serial PRIMARY KEY, w text, at timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION au() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO aud (w) VALUES (TG_OP || NEW.id); RETURN NEW; END $$;
CREATE TRIGGER a AFTER INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION au();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO t VALUES (5, 5) RETURNING id;
bob> /* again */ UPDATE t SET v = 6 WHERE id = 5;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
