-- story: undo of a change of the source of a generated key that main names since
-- base
CREATE TABLE q (id int PRIMARY KEY, e int, g int GENERATED ALWAYS AS (e * 2) STORED UNIQUE);
INSERT INTO q VALUES (1, 1), (2, 2);
CREATE TABLE c (id int PRIMARY KEY, r int REFERENCES q (g));
INSERT INTO c VALUES (1, 2);
-- branch
bob> UPDATE q SET e = 9 WHERE id = 2;
-- promote
outcome: landed
-- main
UPDATE c SET r = q.g FROM q WHERE q.id = 2;
-- undo
outcome: held
-- main has
SELECT count(*) FROM c WHERE r NOT IN (SELECT g FROM q);
= 0
