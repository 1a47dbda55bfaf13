-- story: A statement that read what main has changed is executed again, and lands what it writes now
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL, place text);
INSERT INTO stock VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo');
-- branch
alice> SET anabranch.task = 'sell';
alice> UPDATE /* sold */ stock SET qty = qty - 1 WHERE id = 1;
bob> SET anabranch.task = 'count';
bob> UPDATE stock SET qty = 21 WHERE id = 2;
-- main
UPDATE stock SET qty = 15, place = 'Rome' WHERE id = 1;
-- promote dry run
outcome: partial
landed: 1
held: 1
fact: answer sold
-- promote dry run
decide: answer sold = rerun
outcome: landed
landed: 2
decided: answer sold
facts: none
-- promote
plan: as shown
outcome: landed
landed: 2
-- main has
SELECT id, qty, place FROM stock ORDER BY id
= 1, 14, Rome
= 2, 21, Oslo
-- promote
outcome: nothing
-- undo 1
outcome: landed
-- main has
SELECT id, qty, place FROM stock ORDER BY id
= 1, 15, Rome
= 2, 20, Oslo
