-- story: a CTE that puts in and selects; main removes it
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE job (id int PRIMARY KEY, st text, pr int);
INSERT INTO job VALUES (1, 'new', 1), (2, 'new', 1), (3, 'new', 1);
CREATE FUNCTION take() RETURNS int LANGUAGE sql AS $$ UPDATE job SET st = 'run' WHERE id = (SELECT id FROM job WHERE st = 'new' ORDER BY id LIMIT 1) RETURNING id $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH p AS (INSERT INTO job VALUES (9, 'new', 1) RETURNING id) SELECT id FROM p;
-- promote
outcome: landed
-- main
DELETE FROM job WHERE id = 9;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
