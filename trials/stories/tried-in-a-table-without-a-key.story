-- story: put in and removed again in a table without a key, and main takes the value
-- base
CREATE TABLE p (e text UNIQUE);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* tried */ INSERT INTO p VALUES ('x');
bob> DELETE FROM p WHERE e = 'x';
-- promote
outcome: landed
-- main
INSERT INTO p VALUES ('x');
-- branch
bob> INSERT INTO note VALUES (1, 'x is free');
-- check
tried: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
