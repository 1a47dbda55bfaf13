-- story: a function takes a job, own work finishes it, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, pr int);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1), (3, 'new', 1);
CREATE FUNCTION take() RETURNS int LANGUAGE sql AS $$ UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1) RETURNING id $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT take();
bob> UPDATE job SET st = 'done' WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
-- promote
outcome: landed
