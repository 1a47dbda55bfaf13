-- story: a generated number in a deferrable unique, the guilty INSERT
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE p (id int PRIMARY KEY, e text, g text GENERATED ALWAYS AS (lower(e)) STORED UNIQUE DEFERRABLE);
INSERT INTO p (id, e) VALUES (1, 'a'), (2, 'b');
-- branch
eve> SET anabranch.task = 'e';
eve> p: SELECT n FROM price;
eve> DELETE FROM p WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> INSERT INTO p (id, e) VALUES (9, 'A');
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
-- main has
SELECT count(*) - count(DISTINCT g) FROM p;
= 0
