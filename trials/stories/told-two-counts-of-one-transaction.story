-- story: one transaction counts twice, main changes another limit
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE ctr (id int PRIMARY KEY, n int);
INSERT INTO ctr VALUES (1, 0), (2, 0);
CREATE TABLE lim (id int PRIMARY KEY, v int);
INSERT INTO lim VALUES (1, 10), (2, 20);
CREATE FUNCTION l() RETURNS int LANGUAGE sql STABLE AS $$ SELECT v FROM lim WHERE id = 1 $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> told: UPDATE ctr SET n = n + 1 WHERE id = 1 RETURNING n, l();
bob> /* again */ UPDATE ctr SET n = n + 1 WHERE id = 1 RETURNING n, l();
bob> COMMIT;
-- promote
outcome: landed
-- main
UPDATE lim SET v = 21 WHERE id = 2;
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
