-- story: Ten was seen of a row that the branch gave another key, and main made it eight
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int, place text);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (3, 10, 'a');
-- branch
alice> SET anabranch.task = 'key';
alice> UPDATE stock SET id = 13 WHERE id = 3;
bob> SET anabranch.task = 'look';
bob> three: SELECT qty FROM stock WHERE id = 13;
bob> many: SELECT count(*) FROM stock WHERE qty = 10;
bob> INSERT INTO note VALUES (1, 'ten left');
-- main
UPDATE stock SET qty = 8;
-- check
three: changed or undecided
many: changed or undecided
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, qty FROM stock;
= 13, 8
