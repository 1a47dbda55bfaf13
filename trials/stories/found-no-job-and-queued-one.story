-- story: a worker finds no job, then queues one and takes it, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text);
INSERT INTO job VALUES (9, 'done');
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
bob> INSERT INTO job VALUES (1, 'new');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed or undecided
-- promote
outcome: landed
