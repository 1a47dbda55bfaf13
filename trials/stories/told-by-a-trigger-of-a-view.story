-- story: What a trigger of a view told of other tables is looked for there after it has landed
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE sale (id int PRIMARY KEY, what int);
CREATE VIEW sales AS SELECT id, what, 0 AS price FROM sale;
CREATE FUNCTION sell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO sale VALUES (NEW.id, NEW.what); NEW.price := (SELECT n FROM price WHERE id = NEW.what); RETURN NEW; END $$;
CREATE TRIGGER sell INSTEAD OF INSERT ON sales FOR EACH ROW EXECUTE FUNCTION sell();
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO sales (id, what) VALUES (1, 1) RETURNING id, price;
-- promote
outcome: landed
-- main
UPDATE price SET n = 6;
-- branch
bob> INSERT INTO note VALUES (1, 'it is 5');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
