-- story: Two branches sold three each of ten: both have seven, and four are left
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES ('x', 10), ('y', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> UPDATE stock SET qty = qty - 1 WHERE sku = 'y';
alice> UPDATE stock SET qty = 1 + qty WHERE sku = 'y';
-- sibling pete
pete> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
pete> UPDATE stock SET qty = qty - 2 WHERE sku = 'y';
-- promote of pete
outcome: landed
-- merged
qty counter 10 7 10 = 7
qty counter 10 8 10 = 8
-- promote
outcome: landed
-- merged
qty counter 10 10 8 = 8
qty counter 10 7 7 = 4
-- main has
SELECT sku, qty FROM stock ORDER BY sku
= x, 4
= y, 8
