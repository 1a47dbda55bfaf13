-- story: Main puts a row under one that the branch landed, after a function had counted
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY, st text);
INSERT INTO p VALUES (1, 'open');
CREATE TABLE c (id int PRIMARY KEY, p int, q int);
INSERT INTO c VALUES (1, 1, 5);
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql VOLATILE AS $$ SELECT count(*) FROM p JOIN c ON c.p = p.id WHERE c.q > 100 $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: SELECT g();
ann> SET anabranch.task = 'a';
ann> INSERT INTO p VALUES (7, 'open');
-- promote
outcome: landed
-- main
INSERT INTO c VALUES (8, 7, 500);
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
