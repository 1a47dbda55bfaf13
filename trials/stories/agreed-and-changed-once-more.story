-- story: Main and the branch gave a row the same value, and the branch changed it once more
-- base
CREATE TABLE item (id int PRIMARY KEY, n int NOT NULL, body text);
ALTER TABLE item ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO item VALUES (1, 0, 'a'), (2, 0, repeat('long', 900)), (3, 0, 'c'), (4, 0, 'd');
CREATE TABLE part (id int PRIMARY KEY, n int);
INSERT INTO part VALUES (1, 2), (2, 2), (3, 1);
-- branch
bob> first(1): UPDATE item SET n = n + 1 WHERE id = ?::int RETURNING n;
alice> second(1): UPDATE item SET n = n + 1 WHERE id = ?::int RETURNING n;
alice> told: SELECT a.n, (SELECT count(*) FROM part b WHERE a.n = b.n) FROM item a WHERE a.id = 1;
-- main
UPDATE item SET n = n + 1 WHERE id = 1;
UPDATE item SET id = -id WHERE id = 2;
-- check
told: undecided
