-- story: Main came back to the old number by other ways, and the rule is gone
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- promote
outcome: landed
-- main
UPDATE stock SET qty = qty + 3;
-- rules
stock.qty = value
-- undo
outcome: held
-- main has
SELECT qty FROM stock
= 10
