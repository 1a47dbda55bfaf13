-- story: A pair was set and set back, and main has moved the other half of the pair in the same row
-- base
CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
INSERT INTO p VALUES (1, 1, 1), (2, 2, 0);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> UPDATE p SET a = 1 WHERE id = 2;
bob> UPDATE p SET a = 2 WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'one was free');
-- main
UPDATE p SET b = 1 WHERE id = 2;
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
