-- story: A conflict that is decided for main leaves main's cell alone and lands the rest of the unit
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> BEGIN;
alice> INSERT INTO note VALUES (1, 'counted');
alice> UPDATE stock SET qty = 11 WHERE id = 1;
alice> COMMIT;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote
decide: conflict stock id=1 = main
outcome: landed
landed: 1
facts: none
decided: conflict stock
-- branch
alice> after: SELECT qty FROM stock WHERE id = 1;
alice> INSERT INTO note VALUES (2, 'there are eleven');
-- check
after: changed 11 -> 12
-- promote
outcome: held
fact: answer after
-- main has
SELECT qty FROM stock ORDER BY id
= 12
= 20
-- main has
SELECT line FROM note
= counted
