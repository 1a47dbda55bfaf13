-- story: What was done because a flag was set waits when the flag has gone
-- base
CREATE TABLE orders (id int PRIMARY KEY, paid boolean, status text, note text);
INSERT INTO orders VALUES (1, true, 'new', 'by van'), (2, true, 'new', 'by van');
-- branch
alice> /* one */ UPDATE orders SET status = 'shipped' WHERE id = 1 AND paid;
bob> SET anabranch.task = 'two';
bob> /* two */ UPDATE orders SET status = 'shipped' WHERE id = 2 AND paid;
-- main
UPDATE orders SET paid = false WHERE id = 1;
UPDATE orders SET note = 'by post' WHERE id = 2;
-- check
one: changed
two: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, status, note FROM orders ORDER BY id
= 1, new, by van
= 2, shipped, by post
