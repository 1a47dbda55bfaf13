-- story: A row put in and removed again in two transactions that landed, and main takes its value since
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* tried */ INSERT INTO p VALUES (2, 'x');
bob> DELETE FROM p WHERE id = 2;
-- promote
outcome: landed
-- main
INSERT INTO p VALUES (3, 'x');
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'x is free');
-- check
tried: changed or undecided
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
