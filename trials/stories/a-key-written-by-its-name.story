-- story: A key whose text depends on the search path is the same key
-- base
CREATE TABLE k (t regclass PRIMARY KEY, a int, b int);
INSERT INTO k SELECT 'k'::regclass, 3, 1;
-- branch
alice> UPDATE k SET a = 9;
alice> n: SELECT count(*) FROM k WHERE a > 5 AND b = 1;
-- main
UPDATE k SET b = 2;
-- check
n: changed or undecided
