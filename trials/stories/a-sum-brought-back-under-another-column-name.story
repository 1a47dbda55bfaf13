-- story: What was added to a counter is taken back after the column was renamed between, and brought again
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
-- main
ALTER TABLE stock RENAME qty TO amount;
-- undo 1
outcome: landed
-- main has
SELECT amount FROM stock;
= 8
-- main
UPDATE stock SET amount = amount - 3 WHERE id = 1;
-- undo
outcome: landed
-- main has
SELECT amount FROM stock;
= 2
