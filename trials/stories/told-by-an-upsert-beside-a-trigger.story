-- story: a computed RETURNING of an ORM's upsert on a table with an audit trigger, nothing has changed on main
-- base
CREATE TABLE item (sku text PRIMARY KEY, n int, updated_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TABLE note (id int PRIMARY KEY);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO item VALUES ('a', 1) ON CONFLICT (sku) DO UPDATE SET n = excluded.n RETURNING sku, (xmax = 0) AS inserted;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1);
-- check
told: holds
-- promote
outcome: landed
