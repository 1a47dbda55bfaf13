-- story: What was added to a counter of a row whose key got another text since is taken back
-- base
CREATE TABLE stock (k numeric PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1.0, 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE k = 1;
-- main
UPDATE stock SET qty = qty - 2 WHERE k = 1;
-- promote
outcome: landed
-- main
UPDATE stock SET qty = qty + 3, k = 1.00;
-- undo 1
outcome: landed
-- main has
SELECT qty FROM stock;
= 11
-- main
UPDATE stock SET qty = qty - 3;
-- undo
outcome: landed
-- main has
SELECT qty FROM stock;
= 5
