-- story: a worker takes two jobs, finishes one, main queues another
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, pr int);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1), (3, 'new', 1);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
bob> UPDATE job SET st = 'done' WHERE id = 1;
bob> /* again */ UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
-- promote
outcome: landed
-- main
INSERT INTO job VALUES (4, 'new', 1);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
