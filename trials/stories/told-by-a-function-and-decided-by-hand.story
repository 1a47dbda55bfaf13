-- story: A function in plpgsql told its client of a row that it wrote, which is decided by hand
-- base
CREATE TABLE t (id int PRIMARY KEY, qty int);
INSERT INTO t VALUES (1, 10);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION sell(i int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET qty = 11 WHERE id = i; RETURN 'left ' || (SELECT qty FROM t WHERE id = i); END $$;
-- branch
alice> told: SELECT sell(1);
alice> INSERT INTO note VALUES (1, 'eleven');
-- main
UPDATE t SET qty = 12 WHERE id = 1;
-- promote
decide: conflict t .qty = value 3
outcome: held or partial
-- main has
SELECT count(*) FROM note;
= 0
