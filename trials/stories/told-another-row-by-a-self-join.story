-- story: returning another row of the same table by a self join
-- base
CREATE TABLE emp (id int PRIMARY KEY, boss int, name text, pay int);
INSERT INTO emp VALUES (1, NULL, 'ann', 9), (2, 1, 'bob', 5);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE emp e SET pay = 6 FROM emp m WHERE e.id = 2 AND m.id = e.boss RETURNING e.id, m.name;
-- promote
outcome: landed
-- main
UPDATE emp SET name = 'anne' WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'ask ann');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
