-- story: A row put in and changed in one transaction, of a table that one without a key refers to, while main writes another row
-- base
CREATE TABLE o (id int PRIMARY KEY, e text UNIQUE);
CREATE TABLE l (o int REFERENCES o, w text);
INSERT INTO o VALUES (1, 'a');
INSERT INTO l VALUES (1, 'w');
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO o VALUES (2, NULL);
bob> UPDATE o SET e = 'x' WHERE id = 2;
bob> COMMIT;
-- main
INSERT INTO o VALUES (3, 'c');
-- promote
outcome: landed
-- main has
SELECT count(*) FROM o;
= 3
