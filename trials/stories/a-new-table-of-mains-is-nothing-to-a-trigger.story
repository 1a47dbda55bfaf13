-- story: numbers of the day beside another table of main's
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ord (id int PRIMARY KEY, no text, who text);
INSERT INTO ord VALUES (9, 'z', 'z');
CREATE FUNCTION number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.no := 'ORD-' || to_char(now(), 'YYYYMMDDHH24MISS') || '-' || NEW.id; RETURN NEW; END $$;
CREATE TRIGGER number BEFORE INSERT ON ord FOR EACH ROW EXECUTE FUNCTION number();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO ord (id, who) VALUES (1, 'a') RETURNING id;
-- main
CREATE TABLE elsewhere (id int PRIMARY KEY);
-- check
told: holds
