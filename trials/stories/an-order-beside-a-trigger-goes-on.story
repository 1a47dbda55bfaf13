-- story: an order from cart to post beside updated_at, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE o (id serial PRIMARY KEY, total int DEFAULT 0, st text DEFAULT 'new', at timestamptz);
CREATE TABLE l (id serial PRIMARY KEY, o int REFERENCES o ON DELETE CASCADE, q int);
INSERT INTO o (total) VALUES (5);
INSERT INTO l (o, q) VALUES (1, 5);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON o FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> told: INSERT INTO o (id, total) VALUES (100, 0) RETURNING id;
bob> INSERT INTO l (o, q) VALUES (100, 3), (100, 4);
bob> /* sum */ UPDATE o SET total = 7 WHERE id = 100;
bob> COMMIT;
bob> /* paid */ UPDATE o SET st = 'paid' WHERE id = 100 AND st = 'new';
bob> /* del */ DELETE FROM l WHERE o = 100 AND q = 4;
bob> /* sent */ UPDATE o SET st = 'sent' WHERE id = 100 AND st = 'paid';
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
sum: holds
paid: holds
del: holds
sent: holds
-- promote
outcome: landed
