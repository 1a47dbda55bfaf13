-- story: An accepted answer of more rows than are kept is asked again when main changes it again
-- base
CREATE TABLE price (id int PRIMARY KEY, n int NOT NULL);
CREATE TABLE offer (id int PRIMARY KEY, line text NOT NULL);
INSERT INTO price SELECT i, 10 FROM generate_series(1, 150) i;
-- branch
alice> seen: SELECT id, n FROM price;
alice> INSERT INTO offer VALUES (1, 'all cost ten');
-- main
UPDATE price SET n = 11 WHERE id = 5;
-- promote dry run
decide: answer seen = accept
outcome: landed
-- main
UPDATE price SET n = 99999 WHERE id = 5;
-- promote
outcome: held
fact: answer seen
-- main has
SELECT count(*) FROM offer;
= 0
