-- story: A sum that came to nothing beside a cell that main set back itself
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int, place text);
INSERT INTO stock VALUES (1, 10, 'a'), (2, 20, 'a');
-- rules
stock.qty = counter
-- branch
alice> UPDATE stock SET qty = qty - 3 WHERE id = 1;
alice> UPDATE stock SET qty = qty + 3 WHERE id = 1;
alice> UPDATE stock SET place = 'b' WHERE id = 2;
-- main
UPDATE stock SET qty = qty - 2 WHERE id = 1;
-- promote
outcome: landed
-- main
UPDATE stock SET place = 'a' WHERE id = 2;
-- undo 1
outcome: landed
-- main has
SELECT qty, place FROM stock ORDER BY id;
= 8, a
= 20, a
