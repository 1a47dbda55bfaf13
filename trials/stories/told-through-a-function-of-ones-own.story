-- story: What a landed UPDATE told through a function stands when main changes another row
-- base
CREATE TABLE t (id int PRIMARY KEY, v int, name text, at timestamptz);
INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b');
CREATE TABLE other (id int PRIMARY KEY, n int);
INSERT INTO other VALUES (1, 1);
CREATE TABLE note (id int PRIMARY KEY, n int);
CREATE FUNCTION tax(x int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT x * 2 $$;
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE t SET v = v + 1 WHERE id = 1 RETURNING id, tax(v);
-- promote
outcome: landed
-- main
UPDATE t SET v = 9 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 1);
-- check
told: holds
-- promote
outcome: landed
