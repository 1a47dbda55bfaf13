-- story: New tables, columns, indexes and views of the branch do not concern what reads other things
-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE u (id int PRIMARY KEY, n int);
CREATE FUNCTION f(int) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM t WHERE id > $1); END $$;
-- branch
ann> CREATE TABLE fresh (id int PRIMARY KEY);
ann> ALTER TABLE u ADD COLUMN more text;
ann> CREATE INDEX ON t (n);
ann> CREATE VIEW seen AS SELECT * FROM t;
bob> rows: SELECT count(*) FROM t WHERE n > 1;
bob> code: SELECT f(1);
-- check
rows: holds
code: holds
