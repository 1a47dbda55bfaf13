-- story: put in, then changed beside a trigger (ORM), main changes another row
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ctr (id int PRIMARY KEY, n int, at timestamptz);
INSERT INTO ctr VALUES (1, 0), (2, 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON ctr FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER t2 BEFORE INSERT ON ctr FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO ctr VALUES (7, 1) RETURNING id;
bob> /* again */ UPDATE ctr SET n = 6 WHERE id = 7;
bob> /* gone */ DELETE FROM ctr WHERE id = 7;
-- promote
outcome: landed
-- main
UPDATE ctr SET n = 5 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
gone: holds
-- promote
outcome: landed
