-- story: a foreign key of a generated column, freed by a decision
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
bob> BEGIN;
bob> UPDATE c SET e = 7 WHERE id = 1;
bob> UPDATE c SET e = 2 WHERE id = 1;
bob> COMMIT;
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
