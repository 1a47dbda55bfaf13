-- story: A plan without a row that main refuses lands as it was shown
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL CHECK (qty < 100));
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'of somebody else');
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: conflict stock .qty = value 500
outcome: partial
landed: 1
held: 1
fact: constraint
-- promote
plan: as shown
outcome: partial
landed: 1
held: 1
fact: constraint
decided: conflict stock
-- promote
decide: conflict stock .qty = value 50
outcome: landed
-- main has
SELECT qty FROM stock
= 50
