-- story: Code that runs while a cursor is read sees what its transaction wrote meanwhile, so it is not judged by its beginning
-- base
CREATE TABLE t (id int PRIMARY KEY);
INSERT INTO t VALUES (1), (2), (3);
CREATE FUNCTION many(int) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM t WHERE id > $1); END $$;
-- branch
ann> BEGIN;
ann> DECLARE c CURSOR FOR SELECT /* code */ many(0);
ann> INSERT INTO t VALUES (4);
ann> FETCH ALL FROM c;
ann> COMMIT;
-- main
DELETE FROM t WHERE id = 1;
-- check
code: changed or undecided
-- promote
outcome: held
