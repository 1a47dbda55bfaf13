-- story: What was added to a counter is taken back after the table was renamed between, and brought again
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
-- main has
SELECT qty FROM stock;
= 5
-- main
ALTER TABLE stock RENAME TO wares;
-- undo 1
outcome: landed
-- main has
SELECT qty FROM wares;
= 8
-- main
UPDATE wares SET qty = qty - 3 WHERE id = 1;
-- undo
outcome: landed
-- main has
SELECT qty FROM wares;
= 2
