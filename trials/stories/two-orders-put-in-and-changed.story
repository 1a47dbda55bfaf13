-- story: Two orders, each put in and then given its number in one transaction; one of them is dropped
-- base
CREATE TABLE o (id int PRIMARY KEY, code text UNIQUE, s text);
CREATE TABLE k (id int PRIMARY KEY, n int);
INSERT INTO k VALUES (1, 1);
-- branch
alice> SET anabranch.task = 'a';
alice> seen: SELECT n FROM k;
alice> BEGIN;
alice> INSERT INTO o VALUES (1, NULL, 'new');
alice> UPDATE o SET code = 'A1' WHERE id = 1;
alice> COMMIT;
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO o VALUES (2, NULL, 'new');
bob> UPDATE o SET code = 'B2' WHERE id = 2;
bob> COMMIT;
-- main
UPDATE k SET n = 2;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM o;
= 2
