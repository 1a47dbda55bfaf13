-- story: a quota trigger, own later work empties, main lowers the quota
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE item (id int PRIMARY KEY);
INSERT INTO item VALUES (1), (2);
CREATE TABLE quota (n int);
INSERT INTO quota VALUES (3);
CREATE FUNCTION q() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT count(*) FROM item) >= (SELECT n FROM quota) THEN RAISE EXCEPTION 'full'; END IF; RETURN NEW; END $$;
CREATE TRIGGER q BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION q();
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ INSERT INTO item VALUES (3);
bob> DELETE FROM item;
-- promote
outcome: landed
-- main
UPDATE quota SET n = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
