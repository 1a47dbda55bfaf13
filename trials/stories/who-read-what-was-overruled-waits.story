-- story: Work on a number that the branch told, and that a decision takes away, waits until that is accepted
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> BEGIN;
alice> told: UPDATE stock SET qty = 11 WHERE id = 1 RETURNING qty;
alice> INSERT INTO note VALUES (1, 'eleven');
alice> COMMIT;
bob> INSERT INTO note VALUES (2, 'paint the shelf');
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
outcome: partial
fact: conflict stock
-- promote
decide: conflict stock = main
outcome: partial
landed: 1
held: 1
fact: answer told
decided: conflict stock
-- promote
decide: answer told = accept
outcome: landed
landed: 1
facts: none
-- main has
SELECT qty FROM stock
= 12
-- main has
SELECT line FROM note ORDER BY id
= eleven
= paint the shelf
