-- story: Two promotions wrote different rows of a table with a key of a domain over int, and the first is undone
-- base
CREATE DOMAIN ident AS int CHECK (value > 0);
CREATE TABLE acc (id ident PRIMARY KEY, n int);
INSERT INTO acc VALUES (1, 10), (2, 20);
-- branch
alice> UPDATE acc SET n = 11 WHERE id = 1;
-- promote
outcome: landed
-- sibling b of now
bob> UPDATE acc SET n = 21 WHERE id = 2;
-- promote of b
outcome: landed
-- undo 1
outcome: landed
-- main has
SELECT n FROM acc ORDER BY id;
= 10
= 21
