-- story: What a client was told without rows made it go another way
-- base
CREATE TABLE stock (id int PRIMARY KEY, n int);
CREATE TABLE mail (address text PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO stock VALUES (1, 0), (2, 0);
-- branch
alice> UPDATE stock SET n = n - 1 WHERE id = 1 AND n > 0;
alice> INSERT INTO note VALUES (1, 'order more of 1');
bob> UPDATE stock SET n = n - 1 WHERE id = 2 AND n > 0;
bob> INSERT INTO note VALUES (2, 'order more of 2');
-- main
UPDATE stock SET n = 50 WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id FROM note
= 2
