-- story: A conflict that is decided for the branch puts the branch's cell over main's
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text NOT NULL);
INSERT INTO stock VALUES (1, 10, 'Oslo');
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- main
UPDATE stock SET qty = 12, place = 'Rome' WHERE id = 1;
-- promote dry run
decide: conflict stock = branch
outcome: landed
-- main has
SELECT qty, place FROM stock
= 12, Rome
-- main
UPDATE stock SET qty = 13 WHERE id = 1;
-- promote
outcome: held
fact: conflict stock
-- promote
decide: conflict stock = branch
outcome: landed
-- main has
SELECT qty, place FROM stock
= 11, Rome
