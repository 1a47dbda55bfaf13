-- story: An upsert that counts does not swallow what main has counted
-- base
CREATE TABLE page_counts (page text PRIMARY KEY, n int);
INSERT INTO page_counts VALUES ('a', 1), ('b', 1);
-- branch
alice> /* a */ INSERT INTO page_counts VALUES ('a', 1) ON CONFLICT (page) DO UPDATE SET n = page_counts.n + 1;
bob> SET anabranch.task = 'b';
bob> /* b */ INSERT INTO page_counts VALUES ('b', 1) ON CONFLICT (page) DO UPDATE SET n = page_counts.n + 1;
carol> SET anabranch.task = 'c';
carol> /* first */ INSERT INTO page_counts VALUES ('c', 1) ON CONFLICT (page) DO UPDATE SET n = page_counts.n + 1;
-- main
UPDATE page_counts SET n = 2 WHERE page = 'a';
INSERT INTO page_counts VALUES ('c', 1), ('d', 1);
-- check
a: changed or undecided
b: holds
first: changed or undecided
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT page, n FROM page_counts ORDER BY page
= a, 2
= b, 2
= c, 1
= d, 1
