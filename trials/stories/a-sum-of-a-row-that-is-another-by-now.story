-- story: A later count and a sum that is taken back after the row was renamed by a later promotion
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1, 10);
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE id = 1;
-- main
UPDATE stock SET qty = qty - 2 WHERE id = 1;
-- promote
outcome: landed
-- sibling b of now
bob> UPDATE stock SET id = 2 WHERE id = 1;
bob> INSERT INTO stock VALUES (1, 100);
-- promote of b
outcome: landed
-- undo 1
outcome: held
-- main has
SELECT id, qty FROM stock ORDER BY id;
= 1, 100
= 2, 5
