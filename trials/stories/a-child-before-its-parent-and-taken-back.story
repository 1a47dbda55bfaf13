-- story: refused for want of a parent, then both put in, quiet
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob!> /* told */ INSERT INTO c VALUES (1, 1);
bob> ROLLBACK TO SAVEPOINT s;
bob> INSERT INTO p VALUES (1);
bob> /* again */ INSERT INTO c VALUES (1, 1);
bob> COMMIT;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
again: holds
-- promote
outcome: landed
