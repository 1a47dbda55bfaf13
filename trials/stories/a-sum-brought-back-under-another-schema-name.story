-- story: A sum of a table that main moved to another schema since, undone and done again
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
ALTER TABLE stock RENAME TO stock_b;
-- undo 1
outcome: landed
-- main
ALTER TABLE stock_b RENAME TO stock;
UPDATE stock SET qty = qty - 3;
-- undo
outcome: landed
-- main has
SELECT qty FROM stock;
= 2
