-- story: Work that comes later and rests on what was dropped is asked about, not dropped
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'a';
bob> SET anabranch.task = 'b';
alice> UPDATE stock SET qty = 11 WHERE id = 1;
-- promote
decide: task a = drop
outcome: nothing
dropped: 1
-- branch
bob> qty: SELECT qty FROM stock WHERE id = 1;
bob> UPDATE stock SET qty = 21 WHERE id = 2;
-- promote
outcome: held
held: 1
dropped: 1
fact: task
decided: none
-- promote
decide: task = drop
outcome: nothing
dropped: 2
-- main has
SELECT qty FROM stock ORDER BY id;
= 10
= 20
