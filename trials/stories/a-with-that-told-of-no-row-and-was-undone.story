-- story: A WITH that removed a row and told of no row has landed; undone, it says so
-- base
CREATE TABLE q (id int PRIMARY KEY, keep boolean);
INSERT INTO q VALUES (1, false), (2, true);
CREATE TABLE archive (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> /* moved */ WITH d AS (DELETE FROM q WHERE id = 1 RETURNING id, keep) INSERT INTO archive SELECT id FROM d WHERE keep;
-- promote
outcome: landed
-- undo
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'one is gone');
-- check
moved: changed or undecided
-- promote
outcome: nothing or held
