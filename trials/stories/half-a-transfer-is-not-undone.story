-- story: A transfer of which main has edited one side stays as a whole, and the other unit is undone
-- base
CREATE TABLE account (id int PRIMARY KEY, balance numeric(10,2));
INSERT INTO account VALUES (1, 100), (2, 0), (3, 7);
-- branch
alice> BEGIN;
alice> UPDATE account SET balance = 70 WHERE id = 1;
alice> UPDATE account SET balance = 30 WHERE id = 2;
alice> COMMIT;
bob> UPDATE account SET balance = 8 WHERE id = 3;
-- promote
outcome: landed
landed: 2
-- main
UPDATE account SET balance = balance + 5 WHERE id = 2;
-- undo dry run
outcome: partial
landed: 1
held: 1
fact: conflict account
-- undo
outcome: partial
landed: 1
held: 1
fact: conflict account
-- main has
SELECT id, balance FROM account ORDER BY id;
= 1, 70.00
= 2, 35.00
= 3, 7.00
