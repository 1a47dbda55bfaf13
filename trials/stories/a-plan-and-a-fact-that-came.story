-- story: A fact that came after a plan was approved stops all of it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
bob> INSERT INTO note VALUES (2, 'paint the shelf');
-- promote dry run
outcome: landed
landed: 2
-- main
INSERT INTO stock VALUES (2, 1);
-- promote
plan: as shown
outcome: refused
different: facts added
different: rows cleared
different: units cleared
-- main
DELETE FROM stock WHERE id = 2;
-- promote
plan: as shown
outcome: landed
different: none
-- main has
SELECT count(*) FROM note
= 2
