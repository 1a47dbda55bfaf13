-- story: What a rule put in was committed and removed, and main takes the value
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE);
INSERT INTO p VALUES (1, 'y');
CREATE VIEW v AS SELECT 0 AS id, ''::text AS e;
CREATE RULE put AS ON UPDATE TO v DO INSTEAD INSERT INTO p VALUES (NEW.id, NEW.e);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* tried */ UPDATE v SET id = 2, e = 'x';
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
