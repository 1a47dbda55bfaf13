-- story: a deferrable unique generated column, UPDATE
-- base
CREATE TABLE p (id int PRIMARY KEY, e text, g text GENERATED ALWAYS AS (lower(e)) STORED UNIQUE DEFERRABLE);
INSERT INTO p (id, e) VALUES (1, 'a'), (2, 'b');
-- branch
bob> SET anabranch.task = 'b';
bob> /* put */ UPDATE p SET e = 'X' WHERE id = 1;
-- main
INSERT INTO p VALUES (5, 'x');
-- check
put: changed or undecided
-- promote accepting put
outcome: held
-- main has
SELECT count(*) FROM p WHERE g = 'x';
= 1
