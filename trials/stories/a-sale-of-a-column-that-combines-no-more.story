-- story: What was sold while the column combined is a person's to take back when it combines no more
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- promote
outcome: landed
-- main
UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- rules
stock.qty = value
-- undo
outcome: held
fact: conflict stock
-- rules
stock.qty = counter
-- undo 1
outcome: held
fact: conflict stock
-- branch
alice> /* later */ UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
-- promote
outcome: landed
-- merged
qty counter 7 6 4 = 3
-- undo
outcome: landed
-- main has
SELECT qty FROM stock
= 4
