-- story: A statement that looks at the stock before it takes from it reads it, whatever the column's rule
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> /* sale */ UPDATE stock SET qty = qty - 3 WHERE sku = 'x' AND qty >= 3;
-- main
UPDATE stock SET qty = qty - 8 WHERE sku = 'x';
-- promote
outcome: held
fact: answer sale
-- main has
SELECT qty FROM stock
= 2
