-- story: Work after answers that a session kept out of the ledger waits until a person accepts them
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
alice> SET anabranch.capture = off;
alice> SELECT qty FROM stock WHERE id = 1;
alice> SELECT max(qty) FROM stock;
alice> SET anabranch.capture = on;
alice> INSERT INTO note VALUES (2, 'order a second one');
bob> INSERT INTO note VALUES (3, 'bob saw all he knows');
-- check
low: holds
withheld: undecided
-- promote
outcome: partial
landed: 2
held: 1
fact: answer withheld
-- main has
SELECT id, line FROM note ORDER BY id
= 1, order one pallet
= 3, bob saw all he knows
-- promote accepting withheld
outcome: landed
landed: 1
held: 0
-- main has
SELECT id, line FROM note ORDER BY id
= 1, order one pallet
= 2, order a second one
= 3, bob saw all he knows
