-- story: A balance that main has moved is not what the branch counted from
-- base
CREATE TABLE account (id int PRIMARY KEY, balance int);
CREATE TABLE entry (id int PRIMARY KEY, account int, amount int);
INSERT INTO account VALUES (1, 100), (2, 100);
-- branch
alice> BEGIN;
alice> /* drawn */ UPDATE account SET balance = balance - 30 WHERE id = 1;
alice> INSERT INTO entry VALUES (1, 1, -30);
alice> COMMIT;
bob> SET anabranch.task = 'other';
bob> BEGIN;
bob> /* elsewhere */ UPDATE account SET balance = balance - 30 WHERE id = 2;
bob> INSERT INTO entry VALUES (2, 2, -30);
bob> COMMIT;
-- main
UPDATE account SET balance = 70 WHERE id = 1;
-- check
drawn: changed or undecided
elsewhere: holds
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT a.id, a.balance, e.amount FROM account a LEFT JOIN entry e ON e.account = a.id ORDER BY 1
= 1, 70, NULL
= 2, 70, -30
