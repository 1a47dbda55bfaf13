-- story: a child refused for want of its parent, then parent and child, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE p (id int PRIMARY KEY);
INSERT INTO p VALUES (9);
CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p);
-- branch
bob> SET anabranch.task = 'b';
bob!> /* told */ INSERT INTO c VALUES (1, 1);
bob> INSERT INTO p VALUES (1);
bob> INSERT INTO c VALUES (1, 1);
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed or undecided
-- promote
outcome: landed
