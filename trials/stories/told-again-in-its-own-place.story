-- story: A landed statement is executed again in its own place, and finds what main has changed
-- base
CREATE TABLE t (id int PRIMARY KEY, v int);
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE TABLE rate (id int PRIMARY KEY, n int);
INSERT INTO rate VALUES (1, 2), (2, 9);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION tax(x int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN x * (SELECT n FROM rate WHERE id = 1); END $$;
CREATE FUNCTION total() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT sum(v) FROM t $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE t SET v = v + 1 WHERE id = 1 RETURNING id, tax(v);
eve> SET anabranch.task = 'e';
eve> made: INSERT INTO t VALUES (3, 30) RETURNING id, total();
-- promote
outcome: landed
landed: 2
-- main
UPDATE rate SET n = 10 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'tax is 4');
-- check
told: holds
-- promote
outcome: landed
-- main
UPDATE rate SET n = 3 WHERE id = 1;
UPDATE t SET v = 20 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (2, 'tax is 4');
eve> INSERT INTO note VALUES (3, 'four in all');
-- check
told: changed or undecided
made: changed or undecided
-- promote
outcome: held
-- main has
SELECT id FROM note ORDER BY id;
= 1
