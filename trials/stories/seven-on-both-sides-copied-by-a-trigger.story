-- story: A trigger wrote down the seven that both sides had, and four are left
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE sale (id int PRIMARY KEY, seen int);
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.seen = (SELECT qty FROM stock WHERE sku = 'x'); RETURN NEW; END $$;
CREATE TRIGGER look BEFORE INSERT ON sale FOR EACH ROW EXECUTE FUNCTION look();
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> /* sale */ INSERT INTO sale VALUES (1);
-- main
UPDATE stock SET qty = qty - 3;
-- check
sale: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT qty, (SELECT seen FROM sale) FROM stock
= 4, NULL
