-- story: That constraints are met is asked again, whatever a comment says of putting them off
-- base
CREATE TABLE p (id int PRIMARY KEY, e text UNIQUE DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
alice> BEGIN;
alice> INSERT INTO p VALUES (2, 'x');
alice> SET CONSTRAINTS ALL IMMEDIATE -- and not deferred;
alice> ROLLBACK;
alice> INSERT INTO note VALUES (1, 'x is free');
-- main
INSERT INTO p VALUES (9, 'x');
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
