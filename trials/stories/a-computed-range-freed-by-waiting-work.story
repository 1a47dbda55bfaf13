-- story: exclusion of a generated range: a value freed by waiting work
-- base
CREATE TABLE price (id int PRIMARY KEY, n int);
INSERT INTO price VALUES (1, 5);
CREATE TABLE b (id int PRIMARY KEY, f int, t int, r int4range GENERATED ALWAYS AS (int4range(f, t)) STORED, EXCLUDE USING gist (r WITH &&));
INSERT INTO b VALUES (1, 1, 2), (2, 5, 6);
-- branch
eve> SET anabranch.task = 'e';
eve> p: SELECT n FROM price;
eve> UPDATE b SET f = 11, t = 12 WHERE id = 1;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> UPDATE b SET f = 1, t = 2 WHERE id = 2;
bob> UPDATE b SET f = 8, t = 9 WHERE id = 2;
bob> COMMIT;
-- main
UPDATE price SET n = 6;
-- promote
outcome: held
held: 2
