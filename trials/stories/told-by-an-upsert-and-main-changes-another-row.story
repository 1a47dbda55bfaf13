-- story: An upsert told whether it put its row in, beside a trigger; main changes another row
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, name text, at timestamptz);
INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b');
CREATE TABLE other (id int PRIMARY KEY, n int);
INSERT INTO other VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, n int);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER z BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO t (id, v, name) VALUES (1, 5, 'x') ON CONFLICT (id) DO UPDATE SET v = excluded.v RETURNING id, (xmax = 0) AS inserted;
-- promote
outcome: landed
-- main
UPDATE t SET v = 9 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 1);
-- check
told: holds
-- promote
outcome: landed
