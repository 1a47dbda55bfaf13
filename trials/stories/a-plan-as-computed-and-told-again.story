-- story: A plan with an answer accepted as a rule computed it lands after main wrote something that comes to the same
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 10), (3, 5);
-- branch
bob> seen: SELECT DISTINCT qty FROM stock;
bob> INSERT INTO note VALUES (1, 'two');
-- main
INSERT INTO stock VALUES (4, 7);
-- promote dry run
decide: answer seen = accept
outcome: landed
-- main
DELETE FROM stock WHERE id = 1;
-- promote
plan: as shown
outcome: landed
