-- story: A person accepts the changed answer, and the held work lands
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
CREATE TABLE note (id int PRIMARY KEY, line text);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
-- main
INSERT INTO stock VALUES (2, 1);
-- promote
outcome: held
held: 1
-- promote accepting low
outcome: landed
landed: 1
held: 0
-- main has
SELECT id, line FROM note
= 1, order one pallet
