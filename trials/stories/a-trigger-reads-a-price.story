-- story: What a trigger, a default or a function in VALUES reads is a premise, although no client sees it
-- base
CREATE TABLE price (sku text PRIMARY KEY, p int);
INSERT INTO price VALUES ('a', 10), ('b', 10);
CREATE TABLE line (id int PRIMARY KEY, sku text, qty int, total int);
CREATE FUNCTION charge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.total := new.qty * (SELECT p FROM price WHERE sku = new.sku); RETURN new; END $$;
CREATE TRIGGER charge BEFORE INSERT ON line FOR EACH ROW EXECUTE FUNCTION charge();
-- branch
alice> INSERT INTO line (id, sku, qty) VALUES (1, 'a', 3);
bob> INSERT INTO line (id, sku, qty) VALUES (2, 'b', 3);
carol> total: INSERT INTO line (id, sku, qty) VALUES (3, 'a', 3) RETURNING total;
-- main
UPDATE price SET p = 20 WHERE sku = 'a';
-- check
total: changed
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT id, total FROM line
= 2, 30
