-- story: Keys that name types and functions are the same keys, whatever the search path
-- base
CREATE TYPE mood AS ENUM ('low', 'high');
CREATE FUNCTION rise() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE types (t regtype PRIMARY KEY, a int, b int);
INSERT INTO types SELECT 'mood'::regtype, 3, 1;
CREATE TABLE procs (p regproc PRIMARY KEY, a int, b int);
INSERT INTO procs SELECT 'rise'::regproc, 3, 1;
CREATE TABLE note (id int PRIMARY KEY);
-- branch
alice> UPDATE types SET a = 9;
alice> t: SELECT count(*) FROM types WHERE a > 5 AND b = 1;
alice> INSERT INTO note VALUES (1);
bob> UPDATE procs SET a = 9;
bob> p: SELECT count(*) FROM procs WHERE a > 5 AND b = 1;
bob> INSERT INTO note VALUES (2);
-- main
UPDATE types SET b = 2;
UPDATE procs SET b = 2;
-- check
t: changed or undecided
p: changed or undecided
-- promote
outcome: partial or held
-- main has
SELECT count(*) FROM note
= 0
