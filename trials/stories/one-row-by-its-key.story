-- story: A limit leaves no choice where a key is given
-- base
CREATE TABLE customer (id int PRIMARY KEY, name text);
INSERT INTO customer VALUES (1, 'Ada'), (2, 'Bea');
CREATE TABLE pair (a int, b int, v text, PRIMARY KEY (a, b));
INSERT INTO pair VALUES (1, 1, 'x'), (1, 2, 'y');
-- branch
alice> one: SELECT name FROM customer WHERE id = 1 LIMIT 1;
alice> given(1): SELECT c.name FROM customer c WHERE (c.id = ?::int) LIMIT 1;
alice> other: SELECT name FROM customer WHERE id = 2 LIMIT 1;
alice> half: SELECT v FROM pair WHERE a = 1 LIMIT 1;
alice> whole: SELECT v FROM pair WHERE b = 1 AND a = 1 LIMIT 1;
-- main
UPDATE customer SET name = 'Ann' WHERE id = 1;
UPDATE pair SET v = 'z' WHERE b = 1;
-- check
one: changed Ada -> Ann
given: changed Ada -> Ann
other: holds
half: holds or undecided
whole: changed x -> z
