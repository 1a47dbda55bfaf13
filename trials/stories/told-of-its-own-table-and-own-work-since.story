-- story: What a statement told of its own table is not new to whoever made the work that changed it
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1, 10), (2, 20);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE stock SET qty = qty - 1 WHERE id = 1 RETURNING (SELECT sum(qty) FROM stock);
bob> UPDATE stock SET qty = 5 WHERE id = 2;
-- promote
outcome: landed
landed: 2
-- branch
bob> INSERT INTO note VALUES (1, 'it was 30');
-- check
told: holds
-- promote
outcome: landed
-- main
UPDATE stock SET qty = 6 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (2, 'it was 30');
-- promote
outcome: held
-- main has
SELECT id FROM note;
= 1
