-- story: A plan is another one once main has taken a fact away
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
outcome: held
fact: conflict stock
-- main
UPDATE stock SET qty = 10 WHERE id = 1;
-- promote
plan: as shown
outcome: refused
different: facts cleared
different: rows added
different: units added
-- promote
outcome: landed
-- main has
SELECT qty FROM stock
= 11
