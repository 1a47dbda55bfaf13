-- story: optimistic locking twice beside an updated_at trigger; quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, version int, at timestamptz);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON job FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ UPDATE job SET st = 'run', version = 2 WHERE id = 1 AND version = 1;
bob> /* again */ UPDATE job SET st = 'done', version = 3 WHERE id = 1 AND version = 2;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
