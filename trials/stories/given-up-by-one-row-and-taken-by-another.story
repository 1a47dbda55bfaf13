-- story: the same without a trigger, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE usr (id int PRIMARY KEY, mail text UNIQUE);
INSERT INTO usr VALUES (9, 'z');
-- branch
bob> SET anabranch.task = 'b';
bob> /* told */ INSERT INTO usr VALUES (1, 'a');
bob> UPDATE usr SET mail = 'old' WHERE id = 1;
bob> /* again */ INSERT INTO usr VALUES (2, 'a');
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds or changed
again: holds or changed
-- promote
outcome: landed
