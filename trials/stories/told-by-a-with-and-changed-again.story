-- story: a CTE that writes and selects, quiet main, then own work on the row
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, pr int);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1), (3, 'new', 1);
CREATE FUNCTION take() RETURNS int LANGUAGE sql AS $$ UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1) RETURNING id $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH p AS (UPDATE job SET st = 'run' WHERE id = 1 RETURNING id, st) SELECT id, st FROM p;
bob> UPDATE job SET st = 'done' WHERE id = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
-- promote
outcome: landed
