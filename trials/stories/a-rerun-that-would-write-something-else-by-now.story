-- story: When main moves so that it would write something else, what was decided counts no more and nothing is written
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE /* sold */ stock SET qty = qty - 1 WHERE id = 1;
-- main
UPDATE stock SET qty = 15 WHERE id = 1;
-- promote dry run
decide: answer sold = rerun
outcome: landed
landed: 1
-- main
UPDATE stock SET qty = 40 WHERE id = 1;
-- promote
plan: as shown
outcome: refused
fact: answer sold
-- promote
outcome: held
fact: answer sold
-- main has
SELECT qty FROM stock
= 40
