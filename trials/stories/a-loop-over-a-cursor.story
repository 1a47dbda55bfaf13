-- story: A loop over a cursor that writes the rows which it reads lands when main has done nothing to them
-- base
CREATE TABLE job (id int PRIMARY KEY, state text);
INSERT INTO job SELECT i, 'ready' FROM generate_series(1, 4) i;
-- branch
ann> BEGIN;
ann> DECLARE c CURSOR FOR SELECT /* loop */ id FROM job WHERE state = 'ready' ORDER BY id;
ann> FETCH 2 FROM c;
ann> UPDATE job SET state = 'done' WHERE id = 1;
ann> UPDATE job SET state = 'done' WHERE id = 2;
ann> FETCH 3 FROM c;
ann> UPDATE job SET state = 'done' WHERE id = 3;
ann> UPDATE job SET state = 'done' WHERE id = 4;
ann> CLOSE c;
ann> COMMIT;
-- main
INSERT INTO job VALUES (5, 'later');
-- check
loop: holds
-- promote
outcome: landed
