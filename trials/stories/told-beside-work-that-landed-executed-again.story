-- story: A unit landed as it was executed again, and a later unit of its task put in a row of another table as it was told
-- base
CREATE TABLE seat (id int PRIMARY KEY, free int);
INSERT INTO seat VALUES (1, 10);
CREATE TABLE o (id serial PRIMARY KEY, s text);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* book */ UPDATE seat SET free = free - 2 WHERE id = 1;
bob> told: INSERT INTO o (s) VALUES ('booked') RETURNING s;
-- main
UPDATE seat SET free = 7 WHERE id = 1;
-- promote
decide: answer book = rerun
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'booked');
-- check
told: holds
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
