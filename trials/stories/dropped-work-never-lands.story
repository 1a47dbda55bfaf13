-- story: What a person drops never lands, and the rest does
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 5), (2, 50);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
bob> INSERT INTO note VALUES (2, 'paint the shelf');
-- main
INSERT INTO stock VALUES (3, 1);
-- promote dry run
outcome: partial
landed: 1
held: 1
dropped: 0
fact: answer low
decided: none
-- promote
decide: answer low = drop
outcome: landed
landed: 1
held: 0
dropped: 1
facts: none
decided: answer low
-- promote
outcome: nothing
dropped: 1
facts: none
-- main
DELETE FROM stock WHERE id = 3;
-- promote
outcome: nothing
landed: 0
dropped: 1
facts: none
-- promote
decide: answer low = open
outcome: landed
landed: 1
dropped: 0
-- main has
SELECT id, line FROM note ORDER BY id
= 1, order one pallet
= 2, paint the shelf
