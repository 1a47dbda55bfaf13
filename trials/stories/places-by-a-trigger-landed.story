-- story: two rows in an order by a trigger (position = max + 1), the first changed later, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE todo (id int PRIMARY KEY, l text, pos int);
INSERT INTO todo VALUES (9, 'z', 1);
CREATE FUNCTION pos() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.pos := (SELECT coalesce(max(pos), 0) + 1 FROM todo); RETURN NEW; END $$;
CREATE TRIGGER pos BEFORE INSERT ON todo FOR EACH ROW EXECUTE FUNCTION pos();
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO todo (id, l) VALUES (1, 'a') RETURNING id, pos;
bob> again: INSERT INTO todo (id, l) VALUES (2, 'b') RETURNING id, pos;
bob> UPDATE todo SET l = 'A' WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
