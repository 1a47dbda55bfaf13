-- story: Answers that saw what was undone have changed, those before it hold again, and nothing lands by itself
-- base
CREATE TABLE o (id int PRIMARY KEY, status text);
CREATE TABLE line (id int PRIMARY KEY, o int REFERENCES o, n int);
INSERT INTO o VALUES (1, 'open'), (2, 'open');
-- branch
alice> SET anabranch.task = 'ship';
alice> first: SELECT status FROM o WHERE id = 1;
alice> BEGIN;
alice> UPDATE o SET status = 'shipped' WHERE id = 1;
alice> INSERT INTO line VALUES (1, 1, 5);
alice> DELETE FROM o WHERE id = 2;
alice> COMMIT;
bob> then: SELECT status FROM o WHERE id = 1;
bob> lines: SELECT count(*) FROM line;
bob> orders: SELECT count(*) FROM o;
-- promote
outcome: landed
landed: 1
-- check
then: holds
lines: holds
orders: holds
-- undo
outcome: landed
landed: 1
facts: none
-- check
first: holds
then: changed shipped -> open
lines: changed 1 -> 0
orders: changed 1 -> 2
-- promote
outcome: nothing
-- main has
SELECT id, status FROM o ORDER BY id;
= 1, open
= 2, open
-- main has
SELECT count(*) FROM line;
= 0
