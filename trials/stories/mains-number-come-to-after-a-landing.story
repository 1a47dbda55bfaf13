-- story: After a landing that combined, the branch comes to main's number by a sale of its own
-- base
CREATE TABLE stock (sku text PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES ('x', 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE sku = 'x';
-- main
UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
-- promote
outcome: landed
-- branch
bob> UPDATE stock SET qty = qty - 2 WHERE sku = 'x';
bob> seen: SELECT qty FROM stock WHERE sku = 'x';
bob> INSERT INTO note VALUES (1, 'five left');
-- check
seen: changed or undecided
-- promote
outcome: partial
-- main has
SELECT qty, (SELECT words FROM note) FROM stock
= 3, NULL
