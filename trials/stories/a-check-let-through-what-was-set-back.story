-- story: A CHECK let a value through that was set back, and main has moved the cell that the CHECK compares it with
-- base
CREATE TABLE p (id int PRIMARY KEY, lo int NOT NULL, n int, CHECK (n >= lo));
INSERT INTO p VALUES (1, 0, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> UPDATE p SET n = 2 WHERE id = 1;
bob> UPDATE p SET n = 10 WHERE id = 1;
bob> INSERT INTO note VALUES (1, 'two was enough');
-- main
UPDATE p SET lo = 5 WHERE id = 1;
-- promote
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
