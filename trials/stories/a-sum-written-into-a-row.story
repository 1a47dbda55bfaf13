-- story: An update that writes a sum of other rows rests on those rows
-- base
CREATE TABLE item (id int PRIMARY KEY, bill int, price int);
INSERT INTO item VALUES (1, 1, 10), (2, 1, 20), (3, 2, 5);
CREATE TABLE bill (id int PRIMARY KEY, total int);
INSERT INTO bill VALUES (1, 0), (2, 0);
-- branch
alice> UPDATE bill SET total = (SELECT sum(price) FROM item WHERE bill = 1) WHERE id = 1;
bob> UPDATE bill SET total = (SELECT sum(price) FROM item WHERE bill = 2) WHERE id = 2;
-- main
UPDATE item SET price = 11 WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, total FROM bill ORDER BY id
= 1, 0
= 2, 5
