-- story: A number that a statement returned, and would return otherwise, holds what rests on it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> SET anabranch.task = 'sell';
alice> sold: UPDATE stock SET qty = qty - 1 WHERE id = 1 RETURNING qty;
alice> INSERT INTO note VALUES (1, 9);
-- main
UPDATE stock SET qty = 15 WHERE id = 1;
-- promote
decide: answer sold = rerun
outcome: held
held: 2
fact: answer sold
decided: answer sold
-- main has
SELECT qty, (SELECT count(*) FROM note) FROM stock
= 15, 0
