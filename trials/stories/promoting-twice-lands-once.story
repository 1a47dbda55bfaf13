-- story: A second promotion finds nothing left to do
-- base
CREATE TABLE counter (id int PRIMARY KEY, n int);
INSERT INTO counter VALUES (1, 1);
-- branch
alice> UPDATE counter SET n = n + 1 WHERE id = 1;
alice> INSERT INTO counter VALUES (2, 7);
-- promote
outcome: landed
landed: 2
-- main
UPDATE counter SET n = 100 WHERE id = 1;
-- promote
outcome: nothing
landed: 0
-- main has
SELECT id, n FROM counter ORDER BY id
= 1, 100
= 2, 7
