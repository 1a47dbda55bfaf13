-- story: Work is told by the task that it was done for, by the name that the session gave
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'count';
alice> UPDATE stock SET qty = 21 WHERE id = 2;
bob> SET anabranch.task = 'order';
bob> low: SELECT count(*) FROM stock WHERE qty < 15;
bob> INSERT INTO note VALUES (1, 'order one');
-- main
UPDATE stock SET qty = 99 WHERE id = 1;
-- promote
outcome: partial
task: count: landed 1
task: order: held 1
fact: answer low
