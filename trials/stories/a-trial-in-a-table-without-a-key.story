-- story: A row put in and removed again of a table without a key, on a quiet main
-- base
CREATE TABLE l (a int, w text);
INSERT INTO l VALUES (1, 'w');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO l VALUES (2, 'x');
bob> BEGIN;
bob> INSERT INTO l VALUES (3, 'y');
bob> ROLLBACK;
bob> INSERT INTO note VALUES (1, 'kept');
-- promote
outcome: landed
