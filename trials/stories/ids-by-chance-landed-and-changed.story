-- story: ids by a function of ones own (nanoid), put in and changed, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION nanoid() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT substr(md5(random()::text), 1, 12) $$;
CREATE TABLE t (id text PRIMARY KEY DEFAULT nanoid(), v int);
INSERT INTO t VALUES ('z', 0);
-- branch
bob> SET anabranch.task = 'b';
bob> told: INSERT INTO t (v) VALUES (1) RETURNING v;
bob> UPDATE t SET v = 2 WHERE v = 1;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
-- promote
outcome: landed
