-- story: What was decided for a plan lands with it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> UPDATE stock SET qty = 22 WHERE id = 2;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: conflict stock = branch
outcome: landed
landed: 2
-- promote
plan: as shown
outcome: landed
landed: 2
-- main has
SELECT qty FROM stock ORDER BY id
= 11
= 22
