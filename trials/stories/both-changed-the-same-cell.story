-- story: A cell that both sides changed differently is a conflict with all three values
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE stock SET qty = 11 WHERE id = 1;
alice> after: SELECT qty FROM stock WHERE id = 1;
-- main
UPDATE stock SET qty = 12 WHERE id = 1;
-- check
after: undecided or changed
-- promote
outcome: held
landed: 0
held: 1
fact: conflict stock
-- main has
SELECT qty FROM stock ORDER BY id
= 12
= 20
