-- story: A transaction of the branch is one unit, and its answers see its own writes
-- base
CREATE TABLE account (id int PRIMARY KEY, balance int);
INSERT INTO account VALUES (1, 100), (2, 0), (3, 7);
-- branch
alice> BEGIN;
alice> from: SELECT balance FROM account WHERE id = 1;
alice> UPDATE account SET balance = balance - 40 WHERE id = 1;
alice> UPDATE account SET balance = balance + 40 WHERE id = 2;
alice> sum: SELECT sum(balance) FROM account WHERE id < 3;
alice> COMMIT;
-- main
UPDATE account SET balance = 8 WHERE id = 3;
-- check
from: holds by predicate
sum: holds
-- promote
outcome: landed
landed: 1
-- main has
SELECT id, balance FROM account ORDER BY id
= 1, 60
= 2, 40
= 3, 8
