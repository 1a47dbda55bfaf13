-- story: a claim by a function; main empties the seat
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE seat (id int PRIMARY KEY, who text);
INSERT INTO seat VALUES (1, NULL);
CREATE FUNCTION claim(w text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN UPDATE seat SET who = w WHERE id = 1 AND who IS NULL; RETURN FOUND; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT claim('bob');
-- promote
outcome: landed
-- main
UPDATE seat SET who = NULL WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
