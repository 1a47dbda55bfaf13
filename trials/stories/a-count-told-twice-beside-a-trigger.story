-- story: counts twice beside an updated_at trigger, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ctr (id int PRIMARY KEY, n int, at timestamptz);
INSERT INTO ctr VALUES (1, 0), (2, 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON ctr FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE ctr SET n = n + 1 WHERE id = 1 RETURNING n;
bob> /* again */ UPDATE ctr SET n = n + 1 WHERE id = 1 RETURNING n;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
