-- story: An INSERT that was checked at once went through, and main has taken its value
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> SET CONSTRAINTS ALL IMMEDIATE;
alice> /* claim */ INSERT INTO p VALUES (2, 'x');
alice> ROLLBACK;
alice> INSERT INTO note VALUES (1, 'x is free');
-- main
INSERT INTO p VALUES (9, 'x');
-- check
claim: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
