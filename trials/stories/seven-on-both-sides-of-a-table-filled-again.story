-- story: Main emptied the table and filled it again with what the branch has
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
alice> seen: SELECT qty FROM stock WHERE sku = 'x';
-- main
TRUNCATE stock;
INSERT INTO stock VALUES ('x', 7);
-- promote
outcome: partial or held or landed
-- check
seen: changed or undecided
-- main has
SELECT qty FROM stock
= 7
