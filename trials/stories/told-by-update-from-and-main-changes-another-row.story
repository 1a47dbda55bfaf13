-- story: an order told of in a landed transaction, and main ships other orders: UPDATE FROM with a constant join
-- base
CREATE TABLE cust (id int PRIMARY KEY, name text);
CREATE TABLE ord (id int PRIMARY KEY, cust int, st text);
INSERT INTO cust VALUES (1, 'ann'), (2, 'bob');
INSERT INTO ord VALUES (1, 1, 'new'), (2, 2, 'new');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
eve> SET anabranch.task = 'e';
eve> same: UPDATE ord SET st = 'x' FROM cust c WHERE ord.id = 2 AND c.id = ord.cust RETURNING ord.id, c.name;
-- promote
outcome: landed
-- main
UPDATE cust SET name = 'anne' WHERE id = 1;
-- branch
eve> INSERT INTO note VALUES (2, 'bob');
-- check
same: holds
-- promote
outcome: landed
