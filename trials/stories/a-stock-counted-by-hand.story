-- story: A stock that was counted is no sale: set to a value on both sides it waits for a person, and only then
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES ('x', 10), ('y', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = 7 WHERE sku = 'x';
bob> SET anabranch.task = 'bob';
bob> UPDATE stock SET qty = 9 WHERE sku = 'y';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- promote
outcome: partial
landed: 1
held: 1
fact: conflict stock
-- main has
SELECT sku, qty FROM stock ORDER BY sku
= x, 8
= y, 9
