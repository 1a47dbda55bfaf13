-- story: What is left was seen as seven, both sides had seven, and four are left
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int, low boolean);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES ('x', 10), ('y', 10), ('z', 10);
-- rules
stock.qty = counter
-- branch
alice> SET anabranch.task = 'alice';
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> left: SELECT qty FROM stock WHERE sku = 'x';
alice> INSERT INTO note VALUES (1, 'seven left');
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> UPDATE stock SET qty = qty - 3 WHERE sku = 'y';
bob> inside: SELECT qty FROM stock WHERE sku = 'y';
bob> INSERT INTO note VALUES (2, 'seven left');
bob> COMMIT;
carol> SET anabranch.task = 'carol';
carol> UPDATE stock SET qty = qty - 3 WHERE sku = 'z';
carol> /* where */ UPDATE stock SET low = false WHERE sku = 'z' AND qty >= 5;
-- main
UPDATE stock SET qty = qty - 3;
-- check
left: changed or undecided
inside: changed or undecided
where: changed or undecided
-- promote
outcome: partial
-- main has
SELECT * FROM note
-- main has
SELECT sku, qty, low FROM stock ORDER BY sku
= x, 4, NULL
= y, 7, NULL
= z, 4, NULL
