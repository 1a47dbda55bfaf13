-- story: an audit trigger reads who it is from a local setting, saved twice, quiet main
-- base
CREATE TABLE note (id int PRIMARY KEY, l text);
CREATE TABLE t (id int PRIMARY KEY, v int, who text);
INSERT INTO t VALUES (1, 1, 'z'), (2, 2, 'z');
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.who := current_setting('app.user'); RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tr();
-- branch
bob> SET anabranch.task = 'b';
bob> BEGIN;
bob> SELECT set_config('app.user', 'bob', true);
bob> /* told */ UPDATE t SET v = 5 WHERE id = 1;
bob> COMMIT;
bob> BEGIN;
bob> SELECT set_config('app.user', 'ann', true);
bob> /* again */ UPDATE t SET v = 6 WHERE id = 1;
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
