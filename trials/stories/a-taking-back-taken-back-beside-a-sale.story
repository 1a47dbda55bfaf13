-- story: Sold, taken back, three sold by main, and the taking back taken back
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- promote
outcome: landed
-- undo
outcome: landed
-- main has
SELECT qty FROM stock
= 10
-- main
UPDATE stock SET qty = qty - 3;
-- undo
outcome: landed or held
-- main has
SELECT qty FROM stock
= 4
