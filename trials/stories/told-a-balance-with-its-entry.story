-- story: ledger: a balance is told of all entries, with the entry put in
-- base
CREATE TABLE entry (id int PRIMARY KEY, acc int, amount int);
INSERT INTO entry VALUES (1, 1, 100), (2, 1, -30);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO entry VALUES (100, 1, -20) RETURNING id, (SELECT sum(amount) FROM entry e WHERE e.acc = entry.acc) + amount AS balance;
-- promote
outcome: landed
-- main
INSERT INTO entry VALUES (3, 1, -50);
-- branch
bob> INSERT INTO note VALUES (1, 'balance 50');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
