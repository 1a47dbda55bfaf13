package dev.anabranch.branch.golden;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Has a branch write down each of its own definitions: what was made, altered or dropped, when, and
 * in which transaction.
 *
 * <p>Catalogs tell what there was at the fork point and what there is now. What was made in between
 * and has gone again, or was altered and altered back, leaves no trace in them, though answers were
 * given by it. Event triggers see each of these, whatever command or code it came from, and what is
 * rolled back takes its own entry with it.
 *
 * <p>The table lies in {@code pg_catalog}, like the functions of {@link RowIdentity}: no dump and
 * no comparison of schemas looks there. Whatever has a higher OID than it was made on the branch.
 *
 * @see <a href="https://www.postgresql.org/docs/current/functions-event-triggers.html">what event
 *     triggers can see</a>
 */
final class DdlLog {

  /** The triggers, which dumps shall not show either. */
  static final String ON_COMMAND = "anabranch_note_definitions";

  static final String ON_DROP = "anabranch_note_drops";

  private static final String TABLE =
      """
      CREATE TABLE pg_catalog.anabranch_definitions (
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
        class oid NOT NULL, object oid NOT NULL, part int NOT NULL,
        relations oid[] NOT NULL, name text NOT NULL, dropped boolean NOT NULL, state text NOT NULL)\
      """;

  /**
   * A table's state is what its catalog row, its parents and its children say (a partition is
   * attached by a command that names the parent); its columns, triggers and policies have versions
   * of their own, or are objects of their own. Of indexes those count that refuse rows.
   */
  private static final String NOTE_COMMANDS =
      """
      CREATE FUNCTION pg_catalog.anabranch_note_definitions() RETURNS event_trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        INSERT INTO pg_catalog.anabranch_definitions (class, object, part, relations, name, dropped, state)
        SELECT c.classid, c.objid, c.objsubid,
          CASE WHEN k.relkind IN ('i', 'I') THEN ARRAY[i.indrelid]
            WHEN k.oid IS NOT NULL THEN ARRAY[k.oid] || parents.oids || children.oids
            ELSE array_remove(ARRAY[g.tgrelid, p.polrelid, r.ev_class], NULL) END,
          coalesce(k.relname, f.proname, o.oprname, y.typname, s.nspname, ''), false,
          CASE WHEN k.relkind IN ('r', 'p', 'v', 'm', 'f') THEN concat_ws(' ', k.relnamespace, k.relkind,
              k.relowner, k.relpersistence, k.relrowsecurity, k.relforcerowsecurity, parents.oids,
              children.oids, k.relname)
            ELSE coalesce(s.nspname, '') END
        FROM pg_event_trigger_ddl_commands() c
        LEFT JOIN pg_class k ON c.classid = 'pg_class'::regclass AND k.oid = c.objid
        LEFT JOIN pg_index i ON i.indexrelid = k.oid
        LEFT JOIN pg_trigger g ON c.classid = 'pg_trigger'::regclass AND g.oid = c.objid
        LEFT JOIN pg_policy p ON c.classid = 'pg_policy'::regclass AND p.oid = c.objid
        LEFT JOIN pg_rewrite r ON c.classid = 'pg_rewrite'::regclass AND r.oid = c.objid
        LEFT JOIN pg_proc f ON c.classid = 'pg_proc'::regclass AND f.oid = c.objid
        LEFT JOIN pg_operator o ON c.classid = 'pg_operator'::regclass AND o.oid = c.objid
        LEFT JOIN pg_type y ON c.classid = 'pg_type'::regclass AND y.oid = c.objid
        LEFT JOIN pg_namespace s ON c.classid = 'pg_namespace'::regclass AND s.oid = c.objid
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(h.inhparent ORDER BY h.inhseqno), '{}') AS oids
          FROM pg_inherits h WHERE h.inhrelid = k.oid) parents
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(h.inhrelid ORDER BY h.inhrelid), '{}') AS oids
          FROM pg_inherits h WHERE h.inhparent = k.oid) children
        WHERE TG_TAG <> 'COMMENT' AND c.classid IS NOT NULL AND coalesce(c.schema_name, '') <> 'pg_temp'
          AND (k.oid IS NULL OR k.relkind IN ('r', 'p', 'v', 'm', 'f') OR i.indisunique);
      END $body$\
      """;

  private static final String NOTE_DROPS =
      """
      CREATE FUNCTION pg_catalog.anabranch_note_drops() RETURNS event_trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        INSERT INTO pg_catalog.anabranch_definitions (class, object, part, relations, name, dropped, state)
        SELECT d.classid, d.objid, d.objsubid,
          CASE WHEN d.classid = 'pg_class'::regclass AND d.objsubid = 0 THEN
              ARRAY(SELECT DISTINCT unnest(e.relations) FROM pg_catalog.anabranch_definitions e
                WHERE e.class = d.classid AND e.object = d.objid)
            WHEN cardinality(d.address_names) >= 3 THEN array_remove(
              ARRAY[to_regclass(format('%I.%I', d.address_names[1], d.address_names[2]))::oid], NULL)
            ELSE '{}' END,
          coalesce(d.object_name, d.address_names[cardinality(d.address_names)], ''), true, ''
        FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary;
      END $body$\
      """;

  private final Connection connection;

  /**
   * @param connection a superuser's, to the branch's database, in a transaction
   */
  DdlLog(Connection connection) {
    this.connection = connection;
  }

  /** Makes the table, empty, and what writes to it. */
  void keep() throws SQLException {
    run("SET LOCAL allow_system_table_mods = on");
    run(TABLE);
    run("ALTER TABLE pg_catalog.anabranch_definitions OWNER TO " + Roles.OWNER);
    run("SET LOCAL allow_system_table_mods = off");
    run(NOTE_COMMANDS);
    run(NOTE_DROPS);
    trigger(ON_COMMAND, "ddl_command_end");
    trigger(ON_DROP, "sql_drop");
  }

  private void trigger(String name, String event) throws SQLException {
    run("ALTER FUNCTION pg_catalog." + name + "() OWNER TO " + Roles.OWNER);
    run(
        "CREATE EVENT TRIGGER "
            + name
            + " ON "
            + event
            + " EXECUTE FUNCTION pg_catalog."
            + name
            + "()");
    run("ALTER EVENT TRIGGER " + name + " ENABLE ALWAYS");
    run("ALTER EVENT TRIGGER " + name + " OWNER TO " + Roles.OWNER);
  }

  private void run(String sql) throws SQLException {
    Preparation.execute(connection, sql);
  }
}
