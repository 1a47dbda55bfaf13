-- story: returning a sum of the same table
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int);
INSERT INTO stock VALUES (1, 10), (2, 20);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE stock SET qty = qty - 1 WHERE id = 1 RETURNING (SELECT sum(qty) FROM stock);
-- promote
outcome: landed
-- main
UPDATE stock SET qty = 0 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'sum was 30');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
