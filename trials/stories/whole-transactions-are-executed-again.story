-- story: All statements of a transaction are executed again, in order, under their own settings
-- base
CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL);
CREATE TABLE moved (id int PRIMARY KEY, amount int NOT NULL);
INSERT INTO account VALUES (1, 100), (2, 0);
-- branch
alice> BEGIN;
alice> INSERT /* noted */ INTO moved SELECT 1, balance / 2 FROM account WHERE id = 1;
alice> UPDATE /* from */ account SET balance = balance - (SELECT amount FROM moved WHERE moved.id = 1) WHERE id = 1;
alice> UPDATE /* to */ account SET balance = balance + (SELECT amount FROM moved WHERE moved.id = 1) WHERE id = 2;
alice> COMMIT;
-- main
UPDATE account SET balance = 60 WHERE id = 1;
-- promote
decide: answer noted = rerun
outcome: landed
landed: 1
-- main has
SELECT balance, (SELECT amount FROM moved) FROM account ORDER BY id
= 30, 30
= 30, 30
