-- story: told by a view of the row written
-- base
CREATE TABLE cust (id int PRIMARY KEY, name text, grp int);
CREATE VIEW vips AS SELECT id, name, (SELECT count(*) FROM cust c WHERE c.grp = cust.grp) AS peers FROM cust WHERE grp = 1;
INSERT INTO cust VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 2);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE vips SET name = 'aa' WHERE id = 1 RETURNING name, peers;
-- promote
outcome: landed
-- main
UPDATE cust SET grp = 1 WHERE id = 3;
-- branch
bob> INSERT INTO note VALUES (1, 'two peers');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
