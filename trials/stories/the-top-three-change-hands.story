-- story: A new row above the boundary enters a top list; one below does not
-- base
CREATE TABLE score (id int PRIMARY KEY, points int);
INSERT INTO score SELECT i, i * 10 FROM generate_series(1, 10) i;
-- branch
alice> top: SELECT id FROM score ORDER BY points DESC, id LIMIT 3;
alice> low: SELECT id FROM score WHERE points < 50 ORDER BY points, id LIMIT 2;
-- main
INSERT INTO score VALUES (11, 95);
-- check
top: changed 10; 9; 8 -> 10; 11; 9
low: holds by predicate
