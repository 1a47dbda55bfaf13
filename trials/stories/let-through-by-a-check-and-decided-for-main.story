-- story: A value went through a CHECK, main moved both cells that the CHECK compares, and the conflict is decided for main
-- base
CREATE TABLE p (id int PRIMARY KEY, lo int NOT NULL, n int, CHECK (n >= lo));
INSERT INTO p VALUES (1, 0, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> UPDATE p SET n = 2 WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'two was enough');
-- main
UPDATE p SET lo = 5, n = 20 WHERE id = 1;
-- promote
outcome: nothing or held or partial
-- main has
SELECT count(*) FROM note;
= 0
