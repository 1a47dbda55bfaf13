-- story: Of one row, each cell in conflict is decided by itself
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text NOT NULL, label text);
INSERT INTO stock VALUES (1, 10, 'Oslo', 'a');
-- branch
alice> UPDATE stock SET qty = 11, place = 'Lima', label = 'b' WHERE id = 1;
-- main
UPDATE stock SET qty = 12, place = 'Rome', label = 'c' WHERE id = 1;
-- promote dry run
decide: conflict stock .qty = value 23
decide: conflict stock .place = main
outcome: held
fact: conflict stock
-- promote
decide: conflict stock .label = branch
outcome: landed
decided: conflict stock
-- main has
SELECT * FROM stock
= 1, 23, Rome, b
