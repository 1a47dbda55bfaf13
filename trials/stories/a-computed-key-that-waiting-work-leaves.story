-- story: a child of waiting work leaves a parent by a generated key, other work changes its source
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE q (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e * 2) STORED UNIQUE);
INSERT INTO q VALUES (1, 1), (2, 2);
CREATE TABLE c (id int PRIMARY KEY, r int REFERENCES q (g));
INSERT INTO c VALUES (1, 4);
-- branch
eve> SET anabranch.task = 'e';
eve> p: SELECT n FROM price;
eve> UPDATE c SET r = 2 WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> UPDATE q SET e = 9 WHERE id = 2;
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
-- main has
SELECT count(*) FROM c WHERE r NOT IN (SELECT g FROM q);
= 0
