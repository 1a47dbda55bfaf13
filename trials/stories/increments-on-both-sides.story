-- story: Both sides counted up, and nobody says how two counts combine: a person is asked
-- base
CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO counter VALUES (1, 10);
-- branch
alice> UPDATE counter SET n = n + 5 WHERE id = 1;
-- main
UPDATE counter SET n = n + 5 WHERE id = 1;
-- promote
outcome: held
-- main has
SELECT n FROM counter
= 15
