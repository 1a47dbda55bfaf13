-- story: Sums of rows that exchanged their keys
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- rules
stock.qty = counter
-- branch
alice> SET anabranch.task = 'sell';
alice> BEGIN;
alice> UPDATE stock SET id = 3, qty = qty - 3 WHERE id = 1;
alice> UPDATE stock SET id = 1 WHERE id = 2;
alice> UPDATE stock SET id = 2 WHERE id = 3;
alice> COMMIT;
bob> SET anabranch.task = 'look';
bob> one: SELECT qty FROM stock WHERE id = 1;
bob> two: SELECT qty FROM stock WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'seven left');
-- main
UPDATE stock SET qty = qty - 3 WHERE id = 1;
-- check
two: changed or undecided
one: holds or undecided or changed
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM note;
= 0
