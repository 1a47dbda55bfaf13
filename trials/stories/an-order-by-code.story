-- story: The same rows in another order are another answer, also where code has a part in them
-- base
CREATE TABLE t (id int PRIMARY KEY, name text, n int);
INSERT INTO t VALUES (1, 'ann', 1), (2, 'bob', 2);
CREATE FUNCTION shout(name text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN upper(name); END $$;
-- branch
alice> best: SELECT shout(name) FROM t ORDER BY n LIMIT 1;
alice> all: SELECT shout(name) FROM t ORDER BY n;
-- main
UPDATE t SET n = 3 WHERE id = 1;
-- check
best: changed
all: changed or undecided
