-- story: A WITH that wrote and told of no row, committed, its row removed later, and main takes the value
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'y');
CREATE TABLE log (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* tried */ WITH i AS (INSERT INTO p VALUES (2, 'x') RETURNING id) INSERT INTO log SELECT id FROM i WHERE id > 5;
bob> DELETE FROM p WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'x is free');
-- main
INSERT INTO p VALUES (3, 'x');
-- check
tried: changed or undecided
-- promote
outcome: nothing or held or partial
-- main has
SELECT count(*) FROM note;
= 0
