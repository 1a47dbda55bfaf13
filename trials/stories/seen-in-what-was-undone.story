-- story: What was seen of writes that were rolled back to a savepoint
-- base
CREATE TABLE c (id int PRIMARY KEY, n int);
CREATE TABLE r (what text PRIMARY KEY);
INSERT INTO c VALUES (1, 1), (2, 2);
-- branch
ann> SET anabranch.task = 'ann';
ann> BEGIN;
ann> SAVEPOINT s;
ann> UPDATE c SET n = n + 1 WHERE id = 1;
ann> SELECT /* still */ n FROM c WHERE id = 1;
ann> ROLLBACK TO s;
ann> INSERT INTO r VALUES ('it would be 2');
ann> COMMIT;
bob> SET anabranch.task = 'bob';
bob> BEGIN;
bob> SAVEPOINT s;
bob> UPDATE c SET n = n + 1 WHERE id = 1;
bob> SELECT /* sum */ sum(n) FROM c;
bob> ROLLBACK TO s;
bob> INSERT INTO r VALUES ('they would be 4');
bob> COMMIT;
-- main
INSERT INTO c VALUES (3, 3);
-- check
still: holds
sum: changed
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT what FROM r
= it would be 2
