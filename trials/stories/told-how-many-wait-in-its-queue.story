-- story: job: claim told with how many are left
-- base
CREATE TABLE jobs (id int PRIMARY KEY, st text);
INSERT INTO jobs SELECT i, 'queued' FROM generate_series(1, 5) i;
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE jobs SET st = 'running' WHERE id = (SELECT id FROM jobs WHERE st = 'queued' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, (SELECT count(*) FROM jobs WHERE st = 'queued') AS backlog;
-- promote
outcome: landed
-- main
UPDATE jobs SET st = 'done' WHERE id > 2;
-- branch
bob> INSERT INTO note VALUES (1, 'five in the queue: one more worker');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
