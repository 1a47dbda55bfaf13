-- story: Main puts a row under one that the branch landed, after an UPDATE had found nothing
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY, st text);
INSERT INTO p VALUES (1, 'open');
CREATE TABLE c (id int PRIMARY KEY, p int, q int);
INSERT INTO c VALUES (1, 1, 5);
CREATE TABLE al (id int PRIMARY KEY, x int);
INSERT INTO al VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ UPDATE al SET x = 2 WHERE EXISTS (SELECT FROM p JOIN c ON c.p = p.id WHERE c.q > 100);
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
