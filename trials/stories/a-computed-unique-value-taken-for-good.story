-- story: generated unique, freed by waiting work and taken for good
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE p (id int PRIMARY KEY, e text, g text GENERATED ALWAYS AS (lower(e)) STORED UNIQUE DEFERRABLE);
INSERT INTO p (id, e) VALUES (1, 'a'), (2, 'b');
-- branch
eve> SET anabranch.task = 'e';
eve> p: SELECT n FROM price;
eve> UPDATE p SET e = 'q' WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> UPDATE p SET e = 'A' WHERE id = 2;
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
-- main has
SELECT count(*) FROM p WHERE g = 'a';
= 1
