package dev.anabranch.branch.golden;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Gives every table of a branch the replica identity under which its updates are both allowed and
 * found again in the branch's log: now, and after each definition that the client changes.
 *
 * <p>The whole old row is logged (FULL) wherever Postgres lets us. It does not where a table has a
 * virtual generated column, which no publication can name: updates of a published table with such a
 * column and FULL are refused. There the old row's key is logged, and whoever reads the branch's
 * history finds the rest of the row by it. A table with a virtual column and no key keeps its
 * inserts; its updates and deletes are refused, because nothing in the log would tell which row
 * they were about.
 *
 * <p>The functions lie in {@code pg_catalog}, where no dump and no comparison of schemas looks.
 *
 * <p>The key is chosen by the rule that chooses a table's row key everywhere else: the primary key,
 * else the oldest unique index that could be a replica identity, of stored columns alone.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY">
 *     replica identity</a>
 */
final class RowIdentity {

  /**
   * All tables whose identity is not what it should be, each with what it should be.
   *
   * <p>Not only those that a command names are looked at: a column added to a parent is one of its
   * children's, too.
   */
  private static final String IDENTIFY =
      """
      CREATE FUNCTION pg_catalog.anabranch_identify_tables() RETURNS void
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
      DECLARE unfit record;
      BEGIN
        FOR unfit IN
          WITH keys AS (
            SELECT DISTINCT ON (i.indrelid) i.indrelid, i.indexrelid, i.indisprimary, i.indisreplident
            FROM pg_index i
            WHERE i.indisunique AND i.indimmediate AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
              AND NOT EXISTS (
                SELECT FROM pg_attribute a
                WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])
                  AND (NOT a.attnotnull OR a.attgenerated <> ''))
            ORDER BY i.indrelid, i.indisprimary DESC, i.indexrelid)
          SELECT c.oid::regclass AS name, wanted.identity, x.relname AS key
          FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
            AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
          LEFT JOIN keys k ON k.indrelid = c.oid
          LEFT JOIN pg_class x ON x.oid = k.indexrelid
          CROSS JOIN LATERAL (
            SELECT CASE
              WHEN c.relkind = 'p' OR NOT EXISTS (
                SELECT FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attgenerated = 'v' AND NOT a.attisdropped) THEN 'f'
              WHEN k.indexrelid IS NULL THEN 'n'
              WHEN k.indisprimary THEN 'd'
              ELSE 'i'
            END AS identity) wanted
          WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
            AND (c.relreplident <> wanted.identity OR wanted.identity = 'i' AND NOT k.indisreplident)
        LOOP
          EXECUTE format('ALTER TABLE %s REPLICA IDENTITY ', unfit.name) || CASE unfit.identity
            WHEN 'f' THEN 'FULL'
            WHEN 'n' THEN 'NOTHING'
            WHEN 'd' THEN 'DEFAULT'
            ELSE format('USING INDEX %I', unfit.key)
          END;
        END LOOP;
      END $body$\
      """;

  /** What it alters fires it again; there is nothing to be done inside then. */
  private static final String ON_COMMAND =
      """
      CREATE FUNCTION pg_catalog.anabranch_on_command() RETURNS event_trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        IF coalesce(current_setting('anabranch.identifying', true), '') <> 'on' THEN
          PERFORM set_config('anabranch.identifying', 'on', true);
          PERFORM pg_catalog.anabranch_identify_tables();
          PERFORM set_config('anabranch.identifying', 'off', true);
        END IF;
      END $body$\
      """;

  /** Commands that make a table, or give or take what decides about its identity. */
  private static final String COMMANDS =
      "'CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE SCHEMA', 'ALTER TABLE', 'CREATE"
          + " INDEX', 'DROP INDEX'";

  private final Connection connection;

  /**
   * @param connection a superuser's, to the branch's database
   */
  RowIdentity(Connection connection) {
    this.connection = connection;
  }

  /** Sets every identity, and makes what keeps them so. */
  void keep() throws SQLException {
    run(IDENTIFY);
    run(ON_COMMAND);
    run("SELECT pg_catalog.anabranch_identify_tables()");
    for (String function : new String[] {"anabranch_identify_tables", "anabranch_on_command"}) {
      run("ALTER FUNCTION pg_catalog." + function + "() OWNER TO " + Roles.OWNER);
    }
    run(
        "CREATE EVENT TRIGGER anabranch_identify_tables ON ddl_command_end WHEN TAG IN ("
            + COMMANDS
            + ") EXECUTE FUNCTION pg_catalog.anabranch_on_command()");
    run("ALTER EVENT TRIGGER anabranch_identify_tables ENABLE ALWAYS");
    run("ALTER EVENT TRIGGER anabranch_identify_tables OWNER TO " + Roles.OWNER);
  }

  private void run(String sql) throws SQLException {
    Preparation.execute(connection, sql);
  }
}
