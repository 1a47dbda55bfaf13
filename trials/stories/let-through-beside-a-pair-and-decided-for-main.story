-- story: A value went through, main took it and changed the row, and the conflict is decided for main
-- base
CREATE TABLE p (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));
INSERT INTO p VALUES (1, 1, 1), (2, 2, 0);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> UPDATE p SET a = 1 WHERE id = 2;
bob> INSERT INTO note VALUES (1, 'one was free');
-- main
UPDATE p SET b = 1, a = 3 WHERE id = 2;
-- promote
outcome: nothing or held or partial
-- main has
SELECT count(*) FROM note;
= 0
