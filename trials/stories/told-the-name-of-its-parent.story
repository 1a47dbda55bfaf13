-- story: merge with action told by another row
-- base
CREATE TABLE cat (id int PRIMARY KEY, parent int REFERENCES cat, name text);
INSERT INTO cat VALUES (1, NULL, 'root'), (2, 1, 'leaf');
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO cat VALUES (10, 1, 'new') RETURNING id, (SELECT name FROM cat p WHERE p.id = cat.parent) AS under;
-- promote
outcome: landed
-- main
UPDATE cat SET name = 'top' WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'under root');
-- check
told: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
