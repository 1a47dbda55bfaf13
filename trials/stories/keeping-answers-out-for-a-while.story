-- story: A setting that ends with its transaction or its task keeps no more back than it was set for
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5), (2, 7);
-- branch
alice> BEGIN;
alice> SET LOCAL anabranch.capture = off;
alice> SELECT qty FROM stock WHERE id = 1;
alice> ROLLBACK;
alice> SET anabranch.task = 'the next one';
alice> seen: SELECT qty FROM stock WHERE id = 2;
alice> INSERT INTO note VALUES (1, 'rests on what is known');
bob> SET SESSION anabranch.capture TO off;
bob> SET SESSION anabranch.capture TO on;
bob> INSERT INTO note VALUES (2, 'nothing was read before');
-- main
UPDATE stock SET qty = 6 WHERE id = 1;
-- check
seen: holds
withheld: undecided
-- promote
outcome: landed
landed: 2
held: 0
facts: none
