-- story: a function that writes beside an INSERT that was taken back, on a quiet main
-- base
CREATE TABLE ctr (id int PRIMARY KEY, n int);
INSERT INTO ctr VALUES (1, 10);
CREATE TABLE e (id int PRIMARY KEY);
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE FUNCTION nextno() RETURNS int LANGUAGE plpgsql AS $$ DECLARE r int; BEGIN UPDATE ctr SET n = n + 1 WHERE id = 1 RETURNING n INTO r; RETURN r; END $$;
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SAVEPOINT s;
bob> INSERT INTO e VALUES (1);
bob> ROLLBACK TO SAVEPOINT s;
bob> /* no */ SELECT nextno();
bob> COMMIT;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'eleven');
-- check
no: holds
-- promote
outcome: landed
