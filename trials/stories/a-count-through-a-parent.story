-- story: Counts through the parents of tables that came to inherit after their rules were set
-- base
CREATE TABLE p (sku text PRIMARY KEY, qty int);
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE parted (sku text NOT NULL, qty int) PARTITION BY LIST (sku);
CREATE TABLE leaf (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
INSERT INTO leaf VALUES ('x', 10);
-- rules
stock.qty = counter
leaf.qty = counter
-- main
ALTER TABLE stock INHERIT p;
ALTER TABLE parted ATTACH PARTITION leaf FOR VALUES IN ('x');
-- sibling later of now
alice> SET anabranch.task = 'alice';
alice> UPDATE p SET qty = 7 WHERE sku = 'x';
bob> SET anabranch.task = 'bob';
bob> UPDATE parted SET qty = 7 WHERE sku = 'x';
-- main
UPDATE stock SET qty = 8;
UPDATE leaf SET qty = 8;
-- promote of later
outcome: held
-- main has
SELECT (SELECT qty FROM stock), (SELECT qty FROM leaf)
= 8, 8
