-- story: a foreign key of a generated column
-- base
CREATE TABLE q (id int PRIMARY KEY);
INSERT INTO q VALUES (1), (2), (7);
CREATE TABLE c (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e) STORED REFERENCES q);
INSERT INTO c VALUES (1, 1);
-- branch
bob> SET anabranch.task = 'b';
bob> /* put */ UPDATE c SET e = 7 WHERE id = 1;
eve> SET anabranch.task = 'e';
eve> /* two */ INSERT INTO c VALUES (2, 7);
-- main
DELETE FROM q WHERE id = 7;
-- check
put: changed or undecided
two: changed or undecided
-- promote accepting put, two
outcome: held
-- main has
SELECT count(*) FROM c WHERE g = 7;
= 0
