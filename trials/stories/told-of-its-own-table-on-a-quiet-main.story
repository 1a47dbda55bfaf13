-- story: What a statement told of other rows of its own table stands while main changes none of them
-- base
CREATE TABLE emp (id int PRIMARY KEY, boss int, name text, pay int);
INSERT INTO emp VALUES (1, NULL, 'ann', 9), (2, 1, 'bob', 5), (3, 1, 'cy', 5);
CREATE TABLE entry (id int PRIMARY KEY, acc int, amount int);
INSERT INTO entry VALUES (1, 1, 100), (2, 1, -30), (3, 2, 7);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE emp e SET pay = 6 FROM emp m WHERE e.id = 2 AND m.id = e.boss RETURNING e.id, m.name;
eve> SET anabranch.task = 'e';
eve> balance: INSERT INTO entry VALUES (100, 1, -20) RETURNING id, (SELECT sum(amount) FROM entry e WHERE e.acc = 1) AS before;
-- promote
outcome: landed
landed: 2
-- branch
bob> INSERT INTO note VALUES (1, 'ask ann');
-- promote
outcome: landed
-- main
UPDATE entry SET amount = 8 WHERE id = 3;
-- branch
eve> INSERT INTO note VALUES (2, '70 before');
-- check
told: holds
balance: holds
-- promote
outcome: landed
-- main has
SELECT l FROM note ORDER BY id;
= ask ann
= 70 before
