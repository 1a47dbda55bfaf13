-- story: What was added to a counter is taken back after the key's column was renamed between, and brought again
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1, 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE id = 1;
-- main
UPDATE stock SET qty = qty - 2 WHERE id = 1;
-- promote
outcome: landed
-- main
ALTER TABLE stock RENAME id TO sku;
-- undo 1
outcome: landed
-- main
UPDATE stock SET qty = qty - 3;
-- undo
outcome: landed
-- main has
SELECT qty FROM stock;
= 2
