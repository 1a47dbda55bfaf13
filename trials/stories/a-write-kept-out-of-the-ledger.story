-- story: What a write did cannot be checked when its session kept it out of the ledger
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> SET anabranch.capture = off;
alice> INSERT INTO note SELECT 1, 'there are ' || qty FROM stock;
bob> INSERT INTO note VALUES (2, 'nothing was read before');
-- main
UPDATE stock SET qty = 6 WHERE id = 1;
-- check
withheld: undecided
-- promote
outcome: partial
landed: 1
held: 1
fact: answer withheld
-- main has
SELECT id, line FROM note
= 2, nothing was read before
-- promote accepting withheld
outcome: landed
landed: 1
-- main has
SELECT id, line FROM note ORDER BY id
= 1, there are 5
= 2, nothing was read before
