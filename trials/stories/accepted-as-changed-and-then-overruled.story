-- story: Accepting that an answer changed is not accepting that a decision takes away what it saw
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'count';
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> SET anabranch.task = 'tell';
bob> seen: SELECT sum(qty) FROM stock;
bob> INSERT INTO note VALUES (1, 'thirty-one');
-- main
UPDATE stock SET qty = 25 WHERE id = 2;
UPDATE stock SET qty = 12 WHERE id = 1;
-- promote dry run
decide: answer seen = accept
outcome: partial
-- promote
decide: conflict stock .qty = value 500
outcome: partial
landed: 1
held: 1
fact: answer seen
-- main has
SELECT count(*) FROM note;
= 0
