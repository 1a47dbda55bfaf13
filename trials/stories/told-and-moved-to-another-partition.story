-- story: a row told of and moved to another partition
-- base
CREATE TABLE orders (id int, state text, total int, PRIMARY KEY (id, state)) PARTITION BY LIST (state);
CREATE TABLE orders_new PARTITION OF orders FOR VALUES IN ('new');
CREATE TABLE orders_paid PARTITION OF orders FOR VALUES IN ('paid');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO orders VALUES (1, 'new', 10) RETURNING id, total;
bob> UPDATE orders SET state = 'paid' WHERE id = 1;
-- promote
outcome: landed
-- main
UPDATE orders SET total = 99 WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'total 10');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
