-- story: A statement that found nothing because of the row of a unit that is dropped
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int, m int);
CREATE TABLE note (id int PRIMARY KEY, l text);
INSERT INTO t VALUES (3, 10, 0), (4, 20, 0);
-- branch
alice> SET anabranch.task = 'a';
alice> UPDATE t SET m = 5 WHERE id = 3;
bob> SET anabranch.task = 'b';
bob> UPDATE t SET qty = 0 WHERE qty < 9 AND m = 0;
bob> INSERT INTO note VALUES (1, 'all nought');
-- main
UPDATE t SET qty = 8 WHERE id = 3;
-- promote
decide: task a = drop
outcome: nothing or held
-- main has
SELECT count(*) FROM note;
= 0
