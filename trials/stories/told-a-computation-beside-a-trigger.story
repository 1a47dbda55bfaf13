-- story: computed return with a trigger, and nothing has changed
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, name text);
INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b');
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
CREATE TRIGGER z BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v * 2 AS twice;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'x');
-- check
told: holds
-- promote
outcome: landed
