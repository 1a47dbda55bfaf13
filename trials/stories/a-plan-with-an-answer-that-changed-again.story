-- story: Who approved a plan with an accepted answer has seen what the answer was, and not what it is now
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
-- main
INSERT INTO stock VALUES (2, 1);
-- promote dry run accepting low
outcome: landed
-- main
INSERT INTO stock VALUES (3, 1);
-- promote
plan: as shown
outcome: refused
-- main has
SELECT count(*) FROM note
= 0
