-- story: An audit row that says in which transaction and by which statement it was written lands as it is
-- base
CREATE TABLE orders (id int PRIMARY KEY, state text NOT NULL, price int NOT NULL DEFAULT 50);
INSERT INTO orders VALUES (101, 'open'), (102, 'open'), (103, 'open');
CREATE TABLE audit (id bigserial PRIMARY KEY, who name, at timestamptz, tx bigint, app text, host inet, query text, was jsonb);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit (who, at, tx, app, host, query, was) VALUES (session_user, now(), txid_current(), current_setting('application_name'), inet_client_addr(), current_query(), to_jsonb(old) || jsonb_build_object('xid', pg_current_xact_id())); RETURN new; END $$;
CREATE TRIGGER note BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note();
CREATE TABLE visits (id int PRIMARY KEY, pid int, n int);
INSERT INTO visits VALUES (71, 70, 70);
CREATE FUNCTION mine() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.pid := pg_backend_pid(); RETURN new; END $$;
CREATE TRIGGER mine BEFORE UPDATE ON visits FOR EACH ROW EXECUTE FUNCTION mine();
CREATE TABLE elsewhere (id int PRIMARY KEY, n int);
INSERT INTO elsewhere VALUES (81, 81);
-- branch
ann> SET anabranch.task = 'ann';
ann> UPDATE /* ann */ orders SET state = 'paid' WHERE id = 101;
bob-simple> SET anabranch.task = 'bob';
bob-simple> UPDATE /* bob */ orders SET state = 'paid' WHERE id = 102;
cat> SET anabranch.task = 'cat';
cat> UPDATE /* cat */ visits SET n = n + 1 WHERE id = 71;
dan> SET anabranch.task = 'dan';
dan> UPDATE /* dan */ orders SET state = 'sent' WHERE id = 103 AND state = 'open';
-- main
UPDATE elsewhere SET n = 82;
INSERT INTO orders VALUES (104, 'open');
UPDATE orders SET state = 'gone' WHERE id = 103;
-- check
ann: holds
bob: holds
cat: holds
dan: changed or undecided
-- promote
outcome: partial
landed: 3
held: 1
-- main has
SELECT count(*), count(DISTINCT tx), bool_and(query LIKE 'UPDATE /*%' AND (was->>'xid')::bigint = tx) FROM audit WHERE was->>'id' IN ('101', '102')
= 2, 2, t
