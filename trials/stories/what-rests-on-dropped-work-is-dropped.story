-- story: What was built on dropped work is dropped with it, and what comes later is asked about
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
bob> UPDATE note SET line = line || ', quickly' WHERE id = 1;
carol> INSERT INTO note VALUES (2, 'paint the shelf');
-- main
INSERT INTO stock VALUES (3, 1);
-- promote
decide: answer low = drop
outcome: landed
landed: 1
held: 0
dropped: 2
facts: none
-- branch
bob> UPDATE note SET line = 'order nothing' WHERE id = 1;
-- promote
outcome: held
held: 1
dropped: 2
fact: answer low
-- promote
decide: answer low = drop
outcome: nothing
dropped: 3
-- main has
SELECT id, line FROM note ORDER BY id
= 2, paint the shelf
