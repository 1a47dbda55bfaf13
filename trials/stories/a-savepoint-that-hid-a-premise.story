-- story: What was undone is a premise, and the undone rows are none of main's
-- base
CREATE TABLE guest (id int PRIMARY KEY, email text UNIQUE, visits int NOT NULL);
CREATE TABLE seen (id int PRIMARY KEY, note text);
INSERT INTO guest VALUES (1, 'ann@example.org', 1), (2, 'bea@example.org', 1), (3, 'cid@example.org', 9);
-- branch
alice> BEGIN;
alice> SAVEPOINT s;
alice!> INSERT INTO guest VALUES (9, 'ann@example.org', 1);
alice> ROLLBACK TO s;
alice> INSERT INTO seen VALUES (1, 'ann was there');
alice> COMMIT;
bob> BEGIN;
bob> SAVEPOINT s;
bob> UPDATE guest SET visits = 100 WHERE id = 3;
bob> ROLLBACK TO s;
bob> UPDATE guest SET visits = visits + 1 WHERE visits > 5;
bob> COMMIT;
-- main
DELETE FROM guest WHERE id = 1;
UPDATE guest SET visits = 2 WHERE id = 3;
-- promote
outcome: held
landed: 0
held: 2
