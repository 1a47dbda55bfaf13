-- story: a trial that is rolled back and then done, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE usr (id int PRIMARY KEY, mail text UNIQUE);
INSERT INTO usr VALUES (9, 'z');
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> /* told */ INSERT INTO usr VALUES (1, 'm');
bob> ROLLBACK;
bob> INSERT INTO usr VALUES (1, 'm');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed or undecided
-- promote
outcome: landed
