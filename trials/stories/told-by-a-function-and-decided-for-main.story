-- story: A function told its client of a row that it wrote and that is decided for main
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION sell(i int) RETURNS int LANGUAGE sql AS $$ UPDATE t SET qty = 11 WHERE id = i RETURNING qty $$;
-- branch
alice> told: SELECT sell(1);
alice> INSERT INTO note VALUES (1, 'eleven');
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t = main
outcome: held or partial
-- main has
SELECT count(*) FROM note;
= 0
