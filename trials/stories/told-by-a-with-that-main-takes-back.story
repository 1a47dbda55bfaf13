-- story: a CTE that writes and selects; main takes it back
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, pr int);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1), (3, 'new', 1);
CREATE FUNCTION take() RETURNS int LANGUAGE sql AS $$ UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1) RETURNING id $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH p AS (UPDATE job SET st = 'run' WHERE id = (SELECT min(id) FROM job WHERE st = 'new') RETURNING id, st) SELECT id, st FROM p;
-- promote
outcome: landed
-- main
UPDATE job SET st = 'new' WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
