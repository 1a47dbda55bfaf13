-- story: an updated_at in seconds since 1970, counted twice, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, n int, at bigint);
INSERT INTO t VALUES (1, 0, 0), (2, 0, 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := extract(epoch FROM now())::bigint; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
-- branch
bob> SET anabranch.task = 'b';
bob> told: UPDATE t SET n = n + 1 WHERE id = 1 RETURNING n;
bob> SELECT pg_sleep(1.1);
bob> again: UPDATE t SET n = n + 1 WHERE id = 1 RETURNING n;
-- promote
outcome: landed
-- branch
bob> INSERT INTO note VALUES (1, 'b');
-- check
told: holds
again: holds
-- promote
outcome: landed
