-- story: An answer accepted as a rule computed it, and told the same when it is asked again
-- base
CREATE TABLE stock (id int PRIMARY KEY, place text);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 'a'), (2, 'a'), (3, 'b');
-- branch
bob> seen: SELECT DISTINCT place FROM stock;
bob> INSERT INTO note VALUES (1, 'two');
-- main
INSERT INTO stock VALUES (4, 'c');
-- promote dry run
decide: answer seen = accept
outcome: landed
decided: answer seen
-- main
DELETE FROM stock WHERE id = 1;
-- promote dry run
outcome: landed
decided: answer seen
-- promote
outcome: landed
