-- story: A sale of a row that the branch also renamed is taken back, and that too
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3, sku = 'z' WHERE sku = 'x';
-- promote
outcome: landed
-- main
UPDATE stock SET qty = qty + 3;
-- undo
outcome: landed
-- main has
SELECT sku, qty FROM stock
= x, 13
-- main
UPDATE stock SET qty = qty - 3;
-- undo
outcome: landed
-- main has
SELECT sku, qty FROM stock
= z, 7
