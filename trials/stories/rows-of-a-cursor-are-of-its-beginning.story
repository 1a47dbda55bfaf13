-- story: What a cursor gives is of the moment when it was declared, whatever its transaction wrote since
-- base
CREATE TABLE seat (id int PRIMARY KEY, state text);
INSERT INTO seat SELECT i, 'free' FROM generate_series(1, 5) i;
CREATE TABLE note (what text PRIMARY KEY);
-- branch
ann> SET anabranch.task = 'ann';
ann> BEGIN;
ann> DECLARE c CURSOR FOR SELECT /* counted */ count(*) FROM seat WHERE id < 100;
ann> INSERT INTO seat VALUES (6, 'free');
ann> FETCH ALL FROM c;
ann> COMMIT;
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> DECLARE c CURSOR WITH HOLD FOR SELECT /* kept */ count(*) FROM seat;
bob> COMMIT;
bob> INSERT INTO seat VALUES (7, 'free');
bob> FETCH ALL FROM c;
bob> INSERT INTO note VALUES ('bob');
-- main
DELETE FROM seat WHERE id = 1;
-- check
counted: changed or undecided
kept: changed or undecided
-- promote
outcome: held
