-- story: Seven was seen, both sides had seven, and main gave the column another type
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> left: SELECT count(*) FROM stock WHERE sku = 'x' AND qty = 7;
alice> INSERT INTO note VALUES (1, 'seven left');
-- main
ALTER TABLE stock ALTER COLUMN qty TYPE bigint;
UPDATE stock SET qty = qty - 3;
-- check
left: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT (SELECT words FROM note) FROM stock
= NULL
