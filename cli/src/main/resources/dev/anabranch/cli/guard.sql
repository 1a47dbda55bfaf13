-- For a superuser of main: a table that Anabranch's publication has, and that loses its replica identity,
-- gets REPLICA IDENTITY FULL in the same command, so that none of its updates is refused. It never waits
-- for a lock and never refuses a command: what it can't do it leaves undone. docs/production.md says more.
BEGIN;
SET LOCAL client_min_messages = warning;

CREATE OR REPLACE FUNCTION public.anabranch_guard() RETURNS event_trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
  one record;
BEGIN
  FOR one IN
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name, c.relreplident AS identity,
           EXISTS (SELECT FROM pg_index i
                   WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                     AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END) AS has_index,
           c.oid::text = ANY (string_to_array(current_setting('anabranch.guarded', true), ' ')) AS guarded
    FROM pg_publication p
    JOIN pg_publication_rel r ON r.prpubid = p.oid
    JOIN pg_class c ON c.oid = r.prrelid AND c.relkind = 'r' AND c.relreplident IN ('d', 'i', 'f')
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE p.pubname LIKE 'anabranch%' AND p.pubupdate
      AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped)
      AND EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                  WHERE d.datname = current_database() AND l.pid = pg_backend_pid() AND l.granted
                    AND l.locktype = 'relation' AND l.relation = c.oid AND l.mode = 'AccessExclusiveLock')
  LOOP
    BEGIN
      IF one.identity <> 'f' AND NOT one.has_index THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', one.name);
        IF one.identity = 'd' THEN
          PERFORM set_config('anabranch.guarded',
            concat_ws(' ', nullif(current_setting('anabranch.guarded', true), ''), one.oid), true);
        END IF;
      ELSIF one.identity = 'f' AND one.guarded AND one.has_index THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', one.name);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
EXCEPTION WHEN OTHERS THEN
  NULL;
END
$guard$;

REVOKE ALL ON FUNCTION public.anabranch_guard() FROM PUBLIC;

DROP EVENT TRIGGER IF EXISTS anabranch_guard;
CREATE EVENT TRIGGER anabranch_guard ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'DROP INDEX')
  EXECUTE FUNCTION public.anabranch_guard();

COMMIT;
