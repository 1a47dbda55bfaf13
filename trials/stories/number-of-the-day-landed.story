-- story: a number of the day by a trigger, put in and changed, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ord (id int PRIMARY KEY, no text, who text);
INSERT INTO ord VALUES (9, 'z', 'z');
CREATE FUNCTION number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.no := 'ORD-' || to_char(now(), 'YYYYMMDDHH24MISS') || '-' || NEW.id; RETURN NEW; END $$;
CREATE TRIGGER number BEFORE INSERT ON ord FOR EACH ROW EXECUTE FUNCTION number();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO ord (id, who) VALUES (1, 'a') RETURNING id;
bob> UPDATE ord SET who = 'b' WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
-- promote
outcome: landed
