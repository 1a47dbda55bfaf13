-- story: That deferred constraints were met when they were asked for is an answer
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> /* claim */ INSERT INTO p VALUES (2, 'x');
alice> SET CONSTRAINTS ALL IMMEDIATE;
alice> ROLLBACK;
alice> INSERT INTO note VALUES (1, 'x is free');
-- main
INSERT INTO p VALUES (9, 'x');
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
