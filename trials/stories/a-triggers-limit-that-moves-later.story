-- story: What was executed again and held is executed once more when what its trigger read has changed
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
CREATE TABLE lim (most int);
CREATE TABLE other (id int PRIMARY KEY);
ALTER TABLE lim REPLICA IDENTITY FULL;
INSERT INTO lim VALUES (9);
CREATE FUNCTION within() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v > (SELECT most FROM lim) THEN RAISE EXCEPTION 'too many'; END IF; RETURN NEW; END $$;
CREATE TRIGGER within BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION within();
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ INSERT INTO t VALUES (1, 5);
-- main
INSERT INTO other VALUES (1);
-- check
told: holds
-- main
INSERT INTO other VALUES (2);
-- check
told: holds
-- main
UPDATE lim SET most = 3;
-- check
told: changed
-- promote
outcome: held
