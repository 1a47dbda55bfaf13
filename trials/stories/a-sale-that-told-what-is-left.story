-- story: Who was told what is left after a sale was told another number than main has
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int NOT NULL, low boolean);
INSERT INTO stock VALUES ('x', 10), ('y', 10), ('z', 10);
-- rules
stock.qty = counter
-- branch
alice> told: UPDATE stock SET qty = qty - 3 WHERE sku = 'x' RETURNING qty;
bob> SET anabranch.task = 'bob';
bob> UPDATE stock SET qty = qty - 3 WHERE sku = 'y';
bob> left: SELECT qty FROM stock WHERE sku = 'y';
bob> /* rests on it */ UPDATE stock SET low = false WHERE sku = 'y';
carol> SET anabranch.task = 'carol';
carol> /* both */ UPDATE stock SET qty = qty - 3, low = qty < 9 WHERE sku = 'z';
-- main
UPDATE stock SET qty = qty - 2;
-- check
told: changed or undecided
left: changed or undecided
both: changed or undecided
-- promote
outcome: partial
landed: 1
held: 3
fact: answer told
fact: answer left
fact: answer both
-- main has
SELECT sku, qty, low FROM stock ORDER BY sku
= x, 8, NULL
= y, 5, NULL
= z, 8, NULL
