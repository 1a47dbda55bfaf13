-- story: An order with its number told, beside a counter that combined; work of the same task goes on
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES ('x', 10);
CREATE TABLE orders (id serial PRIMARY KEY, who text);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- rules
stock.qty = counter
-- branch
alice> BEGIN;
alice> UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
alice> INSERT /* ordered */ INTO orders (who) VALUES ('ann') RETURNING id;
alice> COMMIT;
-- main
UPDATE stock SET qty = qty - 2;
-- promote
outcome: landed
-- branch
alice> INSERT INTO note VALUES (1, 'ordered');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
