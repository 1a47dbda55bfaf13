-- story: A window over a partition changes only with that partition
-- base
CREATE TABLE race (id int PRIMARY KEY, class text, seconds int);
INSERT INTO race VALUES (1, 'a', 10), (2, 'a', 12), (3, 'b', 9);
-- branch
alice> first: SELECT id, rank() OVER (PARTITION BY class ORDER BY seconds) FROM race WHERE class = 'a' ORDER BY id;
alice> all: SELECT id, rank() OVER (ORDER BY seconds, id) FROM race ORDER BY id;
-- main
UPDATE race SET seconds = 11 WHERE id = 3;
-- check
first: holds by predicate
all: changed 1, 2; 2, 3; 3, 1 -> 1, 1; 2, 3; 3, 2
