-- story: What was read after a sale is not executed again over a number that is none; both sides have seven
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE log (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10), ('y', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
bob> SET anabranch.task = 'bob';
bob> /* log */ INSERT INTO log SELECT 1, qty FROM stock WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 3;
-- promote
outcome: partial
-- main has
SELECT qty, (SELECT qty FROM log) FROM stock WHERE sku = 'x'
= 4, NULL
