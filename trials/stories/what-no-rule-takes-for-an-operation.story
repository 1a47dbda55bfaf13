-- story: The first of a list, NaN, and sums that are rounded
-- base
CREATE TABLE item (id int PRIMARY KEY, marks jsonb, best numeric, qty int, price numeric(10,2));
INSERT INTO item VALUES (1, '["a", "b"]', 1, 10, 10.00);
-- rules
item.marks = set
item.best = max
item.qty = counter
item.price = counter
-- branch
alice> SET anabranch.task = 'alice';
alice> /* pop */ UPDATE item SET marks = marks - 0 WHERE id = 1;
bob> SET anabranch.task = 'bob';
bob> UPDATE item SET best = 'NaN' WHERE id = 1;
carol> SET anabranch.task = 'carol';
carol> /* rounded */ UPDATE item SET qty = (qty + 0) + 1.5 WHERE id = 1;
dave> SET anabranch.task = 'dave';
dave> /* half a cent */ UPDATE item SET price = price + 0.005 WHERE id = 1;
-- main
UPDATE item SET marks = '["0", "a", "b"]', best = 5, qty = -10, price = -10;
-- promote
outcome: held
landed: 0
-- main has
SELECT marks, best, qty, price FROM item
= ["0", "a", "b"], 5, -10, -10.00
