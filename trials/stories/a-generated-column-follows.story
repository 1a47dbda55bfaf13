-- story: A table with a generated column is written on the branch and on main as before, and promoted
-- base
CREATE TABLE price (id int PRIMARY KEY, net int NOT NULL, gross int GENERATED ALWAYS AS (net * 2) STORED);
CREATE TABLE whole (id int PRIMARY KEY, net int NOT NULL, gross int GENERATED ALWAYS AS (net * 2) STORED);
ALTER TABLE whole REPLICA IDENTITY FULL;
INSERT INTO price (id, net) VALUES (1, 10), (2, 20);
INSERT INTO whole (id, net) VALUES (1, 10), (2, 20);
-- branch
alice> dear: SELECT gross FROM price WHERE id = 1;
alice> sum: SELECT sum(gross) FROM whole;
bob> UPDATE price SET net = 25 WHERE id = 2;
-- main
UPDATE price SET net = 11 WHERE id = 1;
UPDATE whole SET net = 11 WHERE id = 1;
DELETE FROM whole WHERE id = 2;
-- check
dear: changed 20 -> 22
sum: changed 60 -> 22
-- promote
outcome: landed
landed: 1
-- main has
SELECT id, net, gross FROM price ORDER BY id
= 1, 11, 22
= 2, 25, 50
