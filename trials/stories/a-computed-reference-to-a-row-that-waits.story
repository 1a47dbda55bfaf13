-- story: a parent of waiting work, named by a generated column for good
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE q (id int PRIMARY KEY);
INSERT INTO q VALUES (1), (2);
CREATE TABLE c (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e) STORED REFERENCES q);
INSERT INTO c VALUES (1, 1);
-- branch
eve> SET anabranch.task = 'e';
eve> p: SELECT n FROM price;
eve> INSERT INTO q VALUES (7);
bob> SET anabranch.task = 'b';
bob> UPDATE c SET e = 7 WHERE id = 1;
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
-- main has
SELECT count(*) FROM c WHERE g NOT IN (SELECT id FROM q);
= 0
