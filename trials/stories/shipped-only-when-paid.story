-- story: What a write's own condition read is a premise of it
-- base
CREATE TABLE o (id int PRIMARY KEY, status text, paid boolean);
INSERT INTO o VALUES (1, 'open', true), (2, 'open', true);
-- branch
alice> UPDATE o SET status = 'shipped' WHERE id = 1 AND paid;
bob> UPDATE o SET status = 'shipped' WHERE id = 2 AND paid;
-- main
UPDATE o SET paid = false WHERE id = 1;
-- promote
outcome: partial
landed: 1
held: 1
-- main has
SELECT id, status FROM o ORDER BY id
= 1, open
= 2, shipped
