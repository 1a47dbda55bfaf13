-- story: An answer that was accepted for a dry run is accepted for its plan
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
-- promote
outcome: held
-- promote dry run accepting low
outcome: landed
-- promote
plan: as shown
outcome: landed
-- main has
SELECT count(*) FROM note
= 1
