-- story: ledger: a running balance told by a window over the table, insert by CTE
-- base
CREATE TABLE entry (id int PRIMARY KEY, acc int, amount int);
INSERT INTO entry VALUES (1, 1, 100), (2, 1, -30);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: WITH b AS (SELECT sum(amount) AS s FROM entry WHERE acc = 1) INSERT INTO entry SELECT 100, 1, -20 FROM b WHERE b.s >= 20 RETURNING id, (SELECT s FROM b);
-- promote
outcome: landed
-- main
INSERT INTO entry VALUES (3, 1, -50);
-- branch
bob> INSERT INTO note VALUES (1, 'balance 70 before');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
