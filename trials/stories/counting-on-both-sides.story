-- story: An upsert that counts does not swallow what main has counted
-- base
CREATE TABLE visits (page text PRIMARY KEY, n int);
INSERT INTO visits VALUES ('a', 1), ('b', 1);
-- branch
alice> /* a */ INSERT INTO visits VALUES ('a', 1) ON CONFLICT (page) DO UPDATE SET n = visits.n + 1;
bob> SET anabranch.task = 'b';
bob> /* b */ INSERT INTO visits VALUES ('b', 1) ON CONFLICT (page) DO UPDATE SET n = visits.n + 1;
carol> SET anabranch.task = 'c';
carol> /* first */ INSERT INTO visits VALUES ('c', 1) ON CONFLICT (page) DO UPDATE SET n = visits.n + 1;
-- main
UPDATE visits SET n = 2 WHERE page = 'a';
INSERT INTO visits VALUES ('c', 1), ('d', 1);
-- check
a: changed or undecided
b: holds
first: changed or undecided
-- promote
outcome: partial
landed: 1
held: 2
-- main has
SELECT page, n FROM visits ORDER BY page
= a, 2
= b, 2
= c, 1
= d, 1
