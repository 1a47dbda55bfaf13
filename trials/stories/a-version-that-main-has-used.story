-- story: An optimistic lock that main has taken meanwhile is not taken twice
-- base
CREATE TABLE item (id int PRIMARY KEY, name text, price int, version int);
INSERT INTO item VALUES (1, 'pen', 5, 3), (2, 'cup', 9, 1), (3, 'jar', 4, 1);
-- branch
alice> /* pen */ UPDATE item SET name = 'fine pen', version = 4 WHERE id = 1 AND version = 3;
bob> SET anabranch.task = 'cups';
bob> /* cup */ UPDATE item SET name = 'big cup', version = 2 WHERE id = 2 AND version = 1;
-- main
UPDATE item SET price = 99, version = 4 WHERE id = 1;
UPDATE item SET price = 7 WHERE id IN (2, 3);
-- check
pen: changed or undecided
cup: holds
-- promote
outcome: partial
landed: 1
held: 1
fact: answer pen
-- main has
SELECT id, name, price, version FROM item ORDER BY id
= 1, pen, 99, 4
= 2, big cup, 7, 2
= 3, jar, 7, 1
