-- story: An accepted answer stays accepted until it is another one
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 5);
-- branch
alice> low: SELECT count(*) FROM stock WHERE qty < 10;
alice> INSERT INTO note VALUES (1, 'order one pallet');
-- main
INSERT INTO stock VALUES (2, 1);
-- promote dry run
decide: answer low = accept
outcome: landed
facts: none
decided: answer low
-- main
INSERT INTO stock VALUES (3, 1);
-- promote
outcome: held
fact: answer low
decided: none
-- main
DELETE FROM stock WHERE id = 3;
-- promote
outcome: landed
decided: answer low
-- main has
SELECT id, line FROM note
= 1, order one pallet
