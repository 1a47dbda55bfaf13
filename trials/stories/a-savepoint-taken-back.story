-- story: What a ROLLBACK TO SAVEPOINT undid was asked all the same, and the rest lands
-- base
CREATE TABLE guest (id int PRIMARY KEY, email text UNIQUE, visits int NOT NULL);
CREATE TABLE seen (id int PRIMARY KEY, note text);
INSERT INTO guest VALUES (1, 'ann@example.org', 1), (2, 'bea@example.org', 1), (3, 'cid@example.org', 1);
-- branch
alice> BEGIN;
alice> INSERT INTO seen VALUES (1, 'ann');
alice> SAVEPOINT "get or create";
alice!> INSERT INTO guest VALUES (9, 'ann@example.org', 1) RETURNING id;
alice> ROLLBACK TO SAVEPOINT "get or create";
alice> got: SELECT id FROM guest WHERE email = 'ann@example.org';
alice> UPDATE guest SET visits = visits + 1 WHERE id = 1;
alice> COMMIT;
bob> BEGIN;
bob> SAVEPOINT a;
bob> INSERT INTO guest VALUES (10, 'dan@example.org', 1);
bob> SAVEPOINT b;
bob> UPDATE guest SET visits = visits + 5 WHERE id IN (2, 10);
bob> ROLLBACK TO a;
bob> there: SELECT count(*) FROM guest WHERE id = 10;
bob> UPDATE guest SET visits = visits + 1 WHERE visits < 2 AND id = 2;
bob> RELEASE a;
bob> COMMIT;
-- main
UPDATE guest SET visits = 7 WHERE id = 3;
-- check
got: holds
there: holds
-- promote
outcome: landed
landed: 2
-- main has
SELECT id, visits FROM guest ORDER BY id
= 1, 2
= 2, 2
= 3, 7
