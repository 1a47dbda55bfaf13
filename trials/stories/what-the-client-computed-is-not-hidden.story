-- story: Executing a unit again leaves open what its client had read and computed from
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> BEGIN;
alice> looked: SELECT qty FROM stock WHERE id = 1;
alice> INSERT INTO note VALUES (1, 10);
alice> UPDATE /* sold */ stock SET qty = qty - 1 WHERE id = 1;
alice> COMMIT;
-- main
UPDATE stock SET qty = 15 WHERE id = 1;
-- promote
decide: answer sold = rerun
outcome: held
fact: answer looked
decided: answer sold
-- promote
decide: answer looked = accept
outcome: landed
landed: 1
-- main has
SELECT qty, (SELECT qty FROM note) FROM stock
= 14, 10
