-- story: An accepted effect on several rows is asked again when another row than the first comes out otherwise
-- base
CREATE TABLE price (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE offer (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO price VALUES (3, 10), (5, 10);
INSERT INTO offer VALUES (3, 0), (5, 0);
-- branch
alice> UPDATE /* made */ offer SET n = price.n FROM price WHERE price.id = offer.id;
-- main
UPDATE price SET n = 11;
-- promote dry run
decide: answer made = accept
outcome: landed
-- main
UPDATE price SET n = 140 WHERE id = 5;
-- promote
outcome: held
fact: answer made
-- main has
SELECT sum(n) FROM offer;
= 0
