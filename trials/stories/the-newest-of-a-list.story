-- story: Rows beyond the end of a list, and a value that is there already, change nothing that was shown
-- base
CREATE TABLE post (id int PRIMARY KEY, tag text NOT NULL, n int);
INSERT INTO post SELECT i, 'tag ' || i % 3, 10 * i FROM generate_series(1, 20) i;
-- branch
alice> newest: SELECT id, tag FROM post ORDER BY id DESC LIMIT 3;
alice> oldest: SELECT id, tag FROM post ORDER BY id LIMIT 3;
alice> bound(3): SELECT id, n FROM post ORDER BY id LIMIT ?;
alice> last: SELECT id, n FROM post ORDER BY n DESC, id LIMIT 1;
alice> any: SELECT 1 AS one FROM post WHERE tag = 'tag 1' LIMIT 1;
alice> none: SELECT 1 AS one FROM post WHERE tag = 'tag 9' LIMIT 1;
alice> tags: SELECT DISTINCT tag FROM post;
alice> most: SELECT max(id) FROM post LIMIT 1;
alice> paged: SELECT id FROM post ORDER BY id LIMIT 3 OFFSET 3;
-- main
INSERT INTO post VALUES (21, 'tag 1', 0);
DELETE FROM post WHERE id = 11;
-- check
most: changed by rerun 20 -> 21
newest: changed by rule 20, tag 2; 19, tag 1; 18, tag 0 -> 21, tag 1; 20, tag 2; 19, tag 1
oldest: holds by rule
bound: holds by rule
last: holds by rule
any: holds by rule
none: holds
tags: holds or undecided
paged: holds by rerun
-- main
DELETE FROM post WHERE id = 2;
INSERT INTO post VALUES (22, 'tag 9', 1);
-- check
oldest: changed by rerun
bound: changed by rerun
none: changed by rule -> 1
