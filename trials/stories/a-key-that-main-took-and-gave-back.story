-- story: Executed again for a key that main has used, work lands, and by what its words read
-- base
CREATE TABLE shelf (id int PRIMARY KEY, room int NOT NULL);
CREATE TABLE box (id int PRIMARY KEY, shelf int NOT NULL REFERENCES shelf, n int);
INSERT INTO shelf VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO box VALUES (100, 1, 1);
-- branch
alice> SET anabranch.task = 'a';
alice> /* moved */ INSERT INTO box SELECT 10 + id, id, room + 1 FROM shelf WHERE id = 2;
bob> SET anabranch.task = 'b';
bob> /* taken */ INSERT INTO box VALUES (200, 3, 5);
-- main
UPDATE shelf SET room = 9 WHERE id = 1;
DELETE FROM shelf WHERE id = 3;
INSERT INTO shelf VALUES (3, 4);
INSERT INTO box VALUES (201, 3, 5);
-- check
moved: holds by predicate
taken: holds
-- promote
outcome: landed
landed: 2
-- main has
SELECT id, shelf, n FROM box ORDER BY id
= 12, 2, 2
= 100, 1, 1
= 200, 3, 5
= 201, 3, 5
