-- story: A sale, and somebody who counted what it left: the count is no operation, though it changed nothing
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> UPDATE stock SET qty = 7 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 2;
-- promote
outcome: held
fact: conflict stock
-- main has
SELECT qty FROM stock
= 8
