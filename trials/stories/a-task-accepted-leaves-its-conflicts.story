-- story: Accepting a task accepts what its work rests on, and decides no conflict
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20), (3, 30);
-- branch
alice> SET anabranch.task = 'count';
alice> low: SELECT count(*) FROM stock WHERE qty < 15;
alice> UPDATE stock SET qty = 31 WHERE id = 3;
alice> UPDATE stock SET qty = 12 WHERE id = 1;
-- main
UPDATE stock SET qty = 14 WHERE id = 2;
UPDATE stock SET qty = 11 WHERE id = 1;
-- promote
decide: task count = accept
outcome: partial
landed: 1
held: 1
fact: conflict stock
decided: answer low
-- main has
SELECT qty FROM stock ORDER BY id
= 11
= 14
= 31
