-- story: a procedure with an OUT argument reserves, beside a log row; main takes it back
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE seat (id int PRIMARY KEY, who text);
INSERT INTO seat VALUES (1, 'x'), (2, NULL), (3, NULL);
CREATE TABLE log (id int PRIMARY KEY, l text);
CREATE PROCEDURE reserve(w text, INOUT n int) LANGUAGE plpgsql AS $$ BEGIN UPDATE seat SET who = w WHERE id = (SELECT min(id) FROM seat WHERE who IS NULL) RETURNING id INTO n; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> told: CALL reserve('bob', NULL);
bob> INSERT INTO log VALUES (1, 'reserved');
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE seat SET who = NULL WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
