-- story: DELETE RETURNING beside another row of the same table
-- base
CREATE TABLE q (id int PRIMARY KEY, kind text, l text);
INSERT INTO q VALUES (1, 'a', 'x'), (2, 'a', 'y');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: DELETE FROM q USING q o WHERE q.id = 1 AND o.kind = q.kind AND o.id <> q.id RETURNING q.l, o.l;
-- promote
outcome: landed
-- main
UPDATE q SET l = 'z' WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'other is y');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
