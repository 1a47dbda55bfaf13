-- story: counts twice in a savepoint that is taken back, quiet
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE e (id int PRIMARY KEY, n int);
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob> told: UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v;
bob> /* again */ UPDATE t SET v = v + 1 WHERE id = 1 RETURNING v;
bob> ROLLBACK TO SAVEPOINT s;
bob> INSERT INTO e VALUES (1, 1);
bob> COMMIT;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
