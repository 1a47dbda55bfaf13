-- story: All work of a task is dropped in one decision, and can be opened again
-- base
CREATE TABLE stock (id int PRIMARY KEY, qty int NOT NULL);
CREATE TABLE note (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO stock VALUES (1, 10), (2, 20);
-- branch
alice> SET anabranch.task = 'try';
alice> UPDATE stock SET qty = 21 WHERE id = 2;
alice> INSERT INTO note VALUES (1, 'tried');
bob> SET anabranch.task = 'count';
bob> UPDATE stock SET qty = 11 WHERE id = 1;
-- promote dry run
decide: task try = drop
outcome: landed
landed: 1
dropped: 2
decided: task
task: try: dropped 2
task: count: landed 1
-- promote dry run
decide: task try = open
outcome: landed
landed: 3
facts: none
-- promote
decide: task try = drop
outcome: landed
dropped: 2
-- main has
SELECT qty, (SELECT count(*) FROM note) FROM stock ORDER BY id
= 11, 0
= 20, 0
