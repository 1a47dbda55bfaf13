-- story: A table with a virtual generated column is written on both sides, checked, and promoted row by row
-- base
CREATE TABLE price (id int PRIMARY KEY, net int NOT NULL, tax int NOT NULL, note text, gross int GENERATED ALWAYS AS (net + tax));
CREATE TABLE whole (id int PRIMARY KEY, net int NOT NULL, gross int GENERATED ALWAYS AS (net * 2));
ALTER TABLE whole REPLICA IDENTITY FULL;
ALTER TABLE price ALTER COLUMN note SET STORAGE EXTERNAL;
INSERT INTO price (id, net, tax, note) VALUES (1, 10, 1, 'a'), (2, 20, 2, repeat('b', 5000)), (3, 30, 3, 'c'), (4, 40, 4, 'd'), (5, 50, 5, 'e');
INSERT INTO whole (id, net) VALUES (1, 10), (2, 20);
-- branch
alice> dear: SELECT gross FROM price WHERE id = 1;
alice> cheap: SELECT count(*) FROM price WHERE gross < 30;
alice> sum: SELECT sum(gross) FROM whole;
bob> UPDATE price SET net = 25 WHERE id = 2;
bob> UPDATE price SET net = 26 WHERE id = 2;
bob> DELETE FROM price WHERE id = 3;
bob> INSERT INTO price (id, net, tax, note) VALUES (6, 60, 6, 'f');
bob> UPDATE price SET id = 7 WHERE id = 6;
bob> /* unwatched */ UPDATE whole SET net = 21 WHERE id = 2;
carol> own: SELECT net, gross FROM price WHERE id = 2;
-- main
UPDATE price SET net = 11 WHERE id = 1;
UPDATE price SET tax = 3 WHERE id = 2;
UPDATE whole SET net = 11 WHERE id = 1;
-- check
dear: changed 11 -> 12
cheap: holds
sum: changed 60 -> 62
own: changed 26, 28 -> 26, 29
-- promote
outcome: landed
landed: 6
held: 0
-- main has
SELECT id, net, tax, gross, length(note) FROM price ORDER BY id
= 1, 11, 1, 12, 1
= 2, 26, 3, 29, 5000
= 4, 40, 4, 44, 1
= 5, 50, 5, 55, 1
= 7, 60, 6, 66, 1
-- main has
SELECT id, net, gross FROM whole ORDER BY id
= 1, 11, 22
= 2, 21, 42
