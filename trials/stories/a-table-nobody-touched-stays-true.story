-- story: Answers on a table that main did not touch hold without looking further
-- base
CREATE TABLE quiet (id int PRIMARY KEY, n int);
CREATE TABLE busy (id int PRIMARY KEY, n int);
INSERT INTO quiet SELECT i, i FROM generate_series(1, 20) i;
INSERT INTO busy SELECT i, i FROM generate_series(1, 20) i;
-- branch
alice> sum: SELECT sum(n) FROM quiet;
alice> join: SELECT count(*) FROM quiet JOIN busy USING (id);
-- main
UPDATE busy SET n = n + 1;
DELETE FROM busy WHERE id = 20;
-- check
sum: holds by untouched
join: changed 20 -> 19
