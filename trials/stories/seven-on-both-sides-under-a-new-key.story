-- story: Seven was seen of a row that the branch gave another key, both sides had seven, and four are left
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (3, 10);
-- rules
stock.qty = counter
-- branch
alice> SET anabranch.task = 'sell';
alice> UPDATE stock SET qty = qty - 3, id = 13 WHERE id = 3;
bob> SET anabranch.task = 'look';
bob> three: SELECT qty FROM stock WHERE id = 13;
bob> INSERT INTO note VALUES (1, 'seven left');
-- main
UPDATE stock SET qty = qty - 3;
-- check
three: changed or undecided
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, qty FROM stock;
= 13, 4
-- main has
SELECT count(*) FROM note;
= 0
