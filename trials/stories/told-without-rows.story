-- story: That nothing was updated, or that a key was taken, made the client do something else
-- base
CREATE TABLE stock (id int PRIMARY KEY, n int);
CREATE TABLE backorder (id int PRIMARY KEY);
CREATE TABLE taken (name text PRIMARY KEY);
CREATE TABLE chosen (name text PRIMARY KEY);
INSERT INTO stock VALUES (60, 0), (61, 0);
INSERT INTO taken VALUES ('ann'), ('bea');
-- branch
alice> /* none-left */ UPDATE stock SET n = n - 1 WHERE id = 60 AND n > 0;
alice> INSERT INTO backorder VALUES (60);
bob> SET anabranch.task = 'b';
bob> /* none-there */ UPDATE stock SET n = n - 1 WHERE id = 61 AND n > 0;
bob> INSERT INTO backorder VALUES (61);
-- main
UPDATE stock SET n = 5 WHERE id = 60;
-- check
none-left: changed
none-there: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM backorder
= 61
