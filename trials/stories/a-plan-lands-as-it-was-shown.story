-- story: An approved plan lands, whatever else main does meanwhile
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- promote dry run
outcome: landed
-- main
UPDATE stock SET qty = 21 WHERE id = 2;
-- promote
plan: as shown
outcome: landed
landed: 1
different: none
-- main has
SELECT qty FROM stock ORDER BY id
= 11
= 21
