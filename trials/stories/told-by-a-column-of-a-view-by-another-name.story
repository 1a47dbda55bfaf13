-- story: RETURNING a column of a view that is computed and called as another column of its table; main changes what it is computed from
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE usr (id int PRIMARY KEY, name text, nick text, active boolean);
INSERT INTO usr VALUES (1, 'Ann', 'annie', false), (2, 'Bob', NULL, false);
CREATE VIEW member AS SELECT id, coalesce(nick, name) AS name, active FROM usr;
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE member SET active = true WHERE id = 1 RETURNING name;
-- promote
outcome: landed
-- main
UPDATE usr SET nick = 'queen' WHERE id = 1;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: changed or undecided
-- promote
outcome: held
