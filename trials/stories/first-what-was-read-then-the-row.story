-- story: Who saw a number that both sides changed is asked about that first, and then about the row
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> BEGIN;
alice> UPDATE stock SET qty = 11 WHERE id = 1;
alice> seen: SELECT qty FROM stock WHERE id = 1;
alice> INSERT INTO note VALUES (1, 'eleven');
alice> COMMIT;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote
outcome: held
fact: answer seen
-- promote
decide: answer seen = accept
outcome: held
fact: conflict stock
decided: answer seen
-- promote
decide: conflict stock = branch
outcome: landed
-- main has
SELECT qty FROM stock
= 11
