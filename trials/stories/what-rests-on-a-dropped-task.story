-- story: With a task is dropped what other tasks made upon its rows
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'count';
alice> UPDATE stock SET qty = 11 WHERE id = 1;
bob> SET anabranch.task = 'sell';
bob> UPDATE stock SET qty = qty - 1 WHERE id = 1;
cat> SET anabranch.task = 'other';
cat> UPDATE stock SET qty = qty - 1 WHERE id = 2;
-- promote
decide: task count = drop
outcome: landed
landed: 1
dropped: 2
task: count: dropped 1
task: sell: dropped 1
task: other: landed 1
-- main has
SELECT qty FROM stock ORDER BY id
= 10
= 19
