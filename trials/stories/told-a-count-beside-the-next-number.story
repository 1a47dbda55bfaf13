-- story: INSERT with the next number of the same table, told
-- base
CREATE TABLE inv (id int PRIMARY KEY, no int, cust int);
INSERT INTO inv VALUES (1, 1, 7), (2, 2, 8);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO inv SELECT 100, max(no) + 1, 7 FROM inv RETURNING no, (SELECT count(*) FROM inv WHERE cust = 7) AS before;
-- promote
outcome: landed
-- main
UPDATE inv SET cust = 7 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'one before');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
