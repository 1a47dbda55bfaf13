-- story: A booking landed as it was executed again and booked nothing; work goes on as if it had
-- base
CREATE TABLE seat (id int PRIMARY KEY, free int);
INSERT INTO seat VALUES (1, 2);
CREATE TABLE booked (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> INSERT INTO booked VALUES (1);
bob> /* book */ UPDATE seat SET free = free - 2 WHERE id = 1 AND free >= 2;
bob> COMMIT;
-- main
UPDATE seat SET free = 1 WHERE id = 1;
-- promote
decide: answer book = rerun
outcome: held
-- promote
decide: answer book = accept
outcome: landed
-- branch
bob> SET anabranch.task = 'b';
bob> INSERT INTO note VALUES (1, 'booked');
-- check
book: changed or undecided
-- promote
outcome: held
-- main has
SELECT count(*) FROM note;
= 0
