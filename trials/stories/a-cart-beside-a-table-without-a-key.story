-- story: A row put in and removed again, of a table that one without a key refers to, on a quiet main
-- base
CREATE TABLE o (id int PRIMARY KEY, e text UNIQUE);
CREATE TABLE l (o int REFERENCES o, w text);
INSERT INTO o VALUES (1, 'a');
INSERT INTO l VALUES (1, 'w');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO o VALUES (2, 'x');
bob> DELETE FROM o WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'cart');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM note;
= 1
