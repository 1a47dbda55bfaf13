-- story: A function made on the branch concerns only what calls it
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1);
CREATE TABLE u (id int PRIMARY KEY, v int);
-- branch
alice> before: SELECT v FROM t WHERE id = 1;
bob> CREATE FUNCTION twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 2 * $1';
alice> after: SELECT count(*) FROM t WHERE v = 1;
alice> INSERT INTO u VALUES (1, 1);
-- check
before: holds
after: holds
-- promote
outcome: landed
landed: 1
