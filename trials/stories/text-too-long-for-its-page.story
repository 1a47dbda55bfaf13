-- story: A long text that a change did not touch is still known
-- base
CREATE TABLE page (id int PRIMARY KEY, views int, body text);
ALTER TABLE page ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO page SELECT i, i, repeat('long', 2000) FROM generate_series(1, 5) i;
-- branch
alice> size: SELECT sum(length(body)) FROM page;
alice> long: SELECT count(*) FROM page WHERE body LIKE 'long%';
alice> views: SELECT views FROM page WHERE id = 3;
-- main
UPDATE page SET views = 30 WHERE id = 3;
-- check
size: holds
long: holds
views: changed 3 -> 30
