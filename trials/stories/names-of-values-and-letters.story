-- story: An enum's value is called otherwise, and a name is written with other letters
-- base
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int PRIMARY KEY, m mood);
INSERT INTO t VALUES (1, 'sad');
CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE n (id int PRIMARY KEY, name text COLLATE folded);
INSERT INTO n VALUES (1, 'Ann'), (2, 'bob');
CREATE TABLE visits (id int PRIMARY KEY, name text COLLATE folded UNIQUE, n int);
INSERT INTO visits VALUES (1, 'Ann', 1), (2, 'bob', 1);
-- branch
alice> mood: SELECT m FROM t;
alice> ann: SELECT count(*) FROM n WHERE name = 'ann';
alice> bob: SELECT id FROM n WHERE name = 'BOB';
alice> /* visit */ INSERT INTO visits VALUES (3, 'ANN', 1) ON CONFLICT (name) DO UPDATE SET n = visits.n + 1;
-- main
UPDATE visits SET n = 5 WHERE name = 'Ann';
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
INSERT INTO n VALUES (3, 'ANN');
UPDATE n SET name = 'Bob' WHERE id = 2;
-- check
mood: changed
ann: changed 1 -> 2
bob: holds
visit: changed or undecided
