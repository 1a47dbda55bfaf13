-- story: Work that was made upon landed work does not land when that was undone on main
-- base
CREATE TABLE o (id int PRIMARY KEY, status text);
CREATE TABLE note (id int PRIMARY KEY, words text);
INSERT INTO o VALUES (1, 'open');
-- branch
alice> SET anabranch.task = 'ship';
alice> UPDATE o SET status = 'shipped' WHERE id = 1;
-- promote
outcome: landed
-- branch
alice> SET anabranch.task = 'tell';
alice> status: SELECT status FROM o WHERE id = 1;
alice> INSERT INTO note VALUES (1, 'on its way');
bob> SET anabranch.task = 'more';
bob> UPDATE o SET status = status || '!' WHERE id = 1;
-- undo
outcome: landed
-- check
status: changed shipped -> open
-- promote
outcome: held
landed: 0
held: 2
-- main has
SELECT status, (SELECT count(*) FROM note) FROM o;
= open, 0
