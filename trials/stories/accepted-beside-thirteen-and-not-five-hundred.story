-- story: What was accepted beside one value given by hand is asked again beside another
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> BEGIN;
alice> told: UPDATE stock SET qty = 11 WHERE id = 1 RETURNING qty;
alice> INSERT INTO note VALUES (1, 'eleven');
alice> COMMIT;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: conflict stock .qty = value 13
outcome: held
fact: answer told
-- promote dry run
decide: answer told = accept
outcome: landed
-- promote
decide: conflict stock .qty = value 500
outcome: held
fact: answer told
-- main has
SELECT count(*) FROM note;
= 0
