-- story: An order given to one customer and then to another, in two transactions; another task that put in a customer is held
-- base
CREATE TABLE c (id int PRIMARY KEY);
INSERT INTO c VALUES (1), (2);
CREATE TABLE o (id int PRIMARY KEY, c int REFERENCES c, s text);
INSERT INTO o VALUES (7, NULL, 'new');
CREATE TABLE k (id int PRIMARY KEY, n int);
INSERT INTO k VALUES (1, 1);
-- branch
alice> SET anabranch.task = 'a';
alice> seen: SELECT n FROM k;
alice> INSERT INTO c VALUES (9);
bob> SET anabranch.task = 'b';
bob> UPDATE o SET c = 1 WHERE id = 7;
bob> UPDATE o SET c = 2 WHERE id = 7;
-- main
UPDATE k SET n = 2;
-- promote
outcome: partial
landed: 2
held: 1
