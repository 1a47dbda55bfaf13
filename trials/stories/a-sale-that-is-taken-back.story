-- story: What was sold by a promotion is put back into what main has by now; set by hand meanwhile or not
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL CHECK (qty >= 0));
INSERT INTO stock VALUES ('x', 10), ('y', 1);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
bob> UPDATE stock SET qty = qty + 5 WHERE sku = 'y';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- promote
outcome: landed
landed: 2
-- main
UPDATE stock SET qty = qty - 1 WHERE sku = 'x';
UPDATE stock SET qty = qty / 2 WHERE sku = 'y';
-- undo
outcome: partial
landed: 1
held: 1
fact: constraint
-- merged
qty counter 5 8 4 = 7
-- main has
SELECT sku, qty FROM stock ORDER BY sku
= x, 7
= y, 3
