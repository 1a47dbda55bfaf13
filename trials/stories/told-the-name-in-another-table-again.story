-- story: told with another table's cell
-- base
CREATE TABLE cust (id int PRIMARY KEY, name text);
CREATE TABLE ord (id int PRIMARY KEY, cust int, st text);
INSERT INTO cust VALUES (1, 'ann'), (2, 'bob');
INSERT INTO ord VALUES (1, 1, 'new'), (2, 2, 'new');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE ord SET st = 'x' WHERE id = 1 RETURNING id, (SELECT name FROM cust c WHERE c.id = ord.cust);
eve> SET anabranch.task = 'e';
eve> same: UPDATE ord SET st = 'x' WHERE id = 2 RETURNING id, (SELECT name FROM cust c WHERE c.id = ord.cust);
-- promote
outcome: landed
-- main
UPDATE cust SET name = 'anne' WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'ann');
eve> INSERT INTO note VALUES (2, 'bob');
-- check
told: changed or undecided
same: holds
-- promote
outcome: partial
-- main has
SELECT l FROM note;
= bob
