-- story: a generated key of a parent: main names it, the branch changes its source, accepted
-- base
CREATE TABLE q (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e * 2) STORED UNIQUE);
INSERT INTO q VALUES (1, 1), (2, 2);
CREATE TABLE c (id int PRIMARY KEY, r int REFERENCES q (g));
INSERT INTO c VALUES (1, 2);
-- branch
bob> SET anabranch.task = 'b';
bob> /* cut */ UPDATE q SET e = 9 WHERE id = 2;
-- main
UPDATE c SET r = 4;
-- promote accepting cut
outcome: held
-- main has
SELECT count(*) FROM c WHERE r NOT IN (SELECT g FROM q);
= 0
