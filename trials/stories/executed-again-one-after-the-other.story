-- story: Of two statements on one row the first is executed again, and then the second upon it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
-- branch
alice> UPDATE /* first */ stock SET qty = qty - 1 WHERE id = 1;
alice> UPDATE /* second */ stock SET qty = qty - 2 WHERE id = 1;
-- main
UPDATE stock SET qty = 100 WHERE id = 1;
-- promote dry run
decide: answer first = rerun
outcome: partial
landed: 1
held: 1
fact: answer second
decided: answer first
-- promote
decide: answer second = rerun
outcome: landed
landed: 2
-- main has
SELECT qty FROM stock
= 97
