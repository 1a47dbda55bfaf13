-- story: A counter combined, and a row of the same table put in and told as it landed
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- rules
stock.qty = counter
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> UPDATE stock SET qty = qty - 1 WHERE id = 1;
bob> told: INSERT INTO stock VALUES (5, 50) RETURNING id, qty;
bob> COMMIT;
-- main
UPDATE stock SET qty = qty - 2 WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'five is new');
-- check
told: holds
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
