-- story: Each side had enough for what it sold, and both together had not: main's own constraint decides
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL CHECK (qty >= 0));
INSERT INTO stock VALUES ('x', 5);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- promote
outcome: held
fact: constraint
-- main has
SELECT qty FROM stock
= 2
