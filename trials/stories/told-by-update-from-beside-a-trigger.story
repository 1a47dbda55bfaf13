-- story: What a landed UPDATE beside a trigger told of another table stands when main adds to that
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
bob> told: UPDATE t SET v = other.n FROM other WHERE t.id = 1 AND other.id = 1 RETURNING t.id, other.n;
-- promote
outcome: landed
-- main
INSERT INTO other VALUES (2, 2);
-- branch
bob> INSERT INTO note VALUES (1, 1);
-- check
told: holds
-- promote
outcome: landed
