package dev.anabranch.branch.golden;

import dev.anabranch.base.Identifiers;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Network;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a recovered copy of main safe to hand to a client, and ready to capture what the client
 * writes.
 *
 * <p>Each step is a query whose rows are the statements to run: what there is to do depends on
 * main's catalogs.
 */
final class Preparation {

  /** Schemas of people, not of Postgres. */
  private static final String USER_SCHEMA =
      "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'";

  private static final String NOT_OF_AN_EXTENSION =
      "NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '%s'::regclass AND d.objid = %s AND"
          + " d.deptype = 'e')";

  private static final String OWNED_BY_SUPERUSER =
      "(SELECT rolsuper FROM pg_roles r WHERE r.oid = %s)";

  private final Cluster cluster;
  private final String superuser;
  private final String database;
  private final Network network;

  /**
   * @param superuser main's bootstrap superuser, which a physical copy has, too
   * @param network what it may reach
   */
  Preparation(Cluster cluster, String superuser, String database, Network network) {
    this.cluster = cluster;
    this.superuser = superuser;
    this.database = database;
    this.network = network;
  }

  /**
   * All that a copy of the image has to be. Interrupted halfway, it is thrown away, like the other.
   */
  void ofAnImage() throws SQLException {
    dropOtherDatabases();
    try (Connection connection = cluster.connect(superuser, database)) {
      makeSafe(connection);
      capture(connection);
      connection.commit();
      connection.setAutoCommit(true);
      execute(
          connection,
          "SELECT pg_create_logical_replication_slot("
              + Identifiers.literal(Roles.CAPTURE)
              + ", 'pgoutput')");
      execute(
          connection,
          "SELECT pg_create_physical_replication_slot("
              + Identifiers.literal(Roles.PAST)
              + ", true)");
    }
  }

  /**
   * Of a copy that nobody connects to but we: who may do what is as on a branch, and its log tells
   * nothing.
   */
  void ofAScratchCopy() throws SQLException {
    try (Connection connection = cluster.connect(superuser, database)) {
      makeSafe(connection);
      connection.commit();
    }
  }

  /** Leaves its transaction open. */
  private void makeSafe(Connection connection) throws SQLException {
    // Main's event triggers are not for us.
    execute(connection, "SET session_replication_role = replica");
    rollBackPrepared(connection);
    dropSubscriptions(connection);
    connection.setAutoCommit(false);
    clearSecrets(connection);
    if (network == Network.NONE) {
      takeAwayReach(connection);
    }
    makeRoles(connection);
    handOver(connection);
    // Main's own publications bring nothing here, and would have updates refused that they can't
    // describe.
    each(connection, "SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication");
    execute(connection, "CREATE EXTENSION IF NOT EXISTS plpgsql");
  }

  private void dropOtherDatabases() throws SQLException {
    try (Connection connection = cluster.connect(superuser, database);
        Statement statement = connection.createStatement()) {
      List<String> others =
          rows(connection, "SELECT datname FROM pg_database WHERE datname <> current_database()");
      statement.execute("UPDATE pg_database SET datallowconn = true, datconnlimit = -1");
      for (String other : others) {
        emptyOfWhatHinders(other);
        statement.execute(
            "UPDATE pg_database SET datistemplate = false WHERE datname = "
                + Identifiers.literal(other));
        statement.execute("DROP DATABASE " + Identifiers.quote(other) + " WITH (FORCE)");
      }
    }
  }

  /**
   * Prepared transactions and subscriptions forbid dropping their database and can be ended only
   * inside it.
   */
  private void emptyOfWhatHinders(String other) throws SQLException {
    try (Connection connection = cluster.connect(superuser, other)) {
      rollBackPrepared(connection);
      dropSubscriptions(connection);
    }
  }

  private static void rollBackPrepared(Connection connection) throws SQLException {
    each(
        connection,
        "SELECT format('ROLLBACK PREPARED %L', gid) FROM pg_prepared_xacts WHERE database ="
            + " current_database()");
  }

  /**
   * A copied subscription would drain a slot that is production's: it goes without a word to its
   * publisher.
   */
  private static void dropSubscriptions(Connection connection) throws SQLException {
    String mine =
        " FROM pg_subscription s JOIN pg_database b ON b.oid = s.subdbid WHERE b.datname ="
            + " current_database()";
    each(connection, "SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname)" + mine);
    each(
        connection,
        "SELECT format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', subname)" + mine);
    each(connection, "SELECT format('DROP SUBSCRIPTION %I', subname)" + mine);
  }

  private static void clearSecrets(Connection connection) throws SQLException {
    each(
        connection,
        "SELECT format('ALTER ROLE %I PASSWORD NULL', rolname) FROM pg_authid WHERE rolpassword IS"
            + " NOT NULL");
    each(
        connection,
        "SELECT format('DROP USER MAPPING IF EXISTS FOR %s SERVER %I', CASE WHEN umuser = 0 THEN"
            + " 'PUBLIC' ELSE quote_ident(usename) END, srvname) FROM pg_user_mappings");
    each(
        connection,
        "SELECT format('ALTER ROLE %I NOCREATEROLE NOCREATEDB NOREPLICATION', rolname) FROM"
            + " pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' AND (rolcreaterole OR rolcreatedb"
            + " OR rolreplication)");
    // Memberships that reach files, programs or other servers, and those of superusers.
    execute(
        connection,
        "DELETE FROM pg_auth_members WHERE NOT (SELECT rolsuper FROM pg_roles r WHERE r.oid ="
            + " member) AND roleid IN (SELECT oid FROM pg_roles WHERE rolsuper OR rolname IN"
            + " ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files',"
            + " 'pg_create_subscription', 'pg_signal_backend'))");
    each(
        connection,
        "SELECT format('ALTER %s RESET %I', CASE WHEN setrole = 0 THEN format('DATABASE %I',"
            + " datname) ELSE format('ROLE %I%s', rolname, CASE WHEN setdatabase = 0 THEN '' ELSE"
            + " format(' IN DATABASE %I', datname) END) END, name) FROM pg_db_role_setting s LEFT"
            + " JOIN pg_database b ON b.oid = s.setdatabase LEFT JOIN pg_roles r ON r.oid ="
            + " s.setrole, unnest(ARRAY['session_preload_libraries', 'local_preload_libraries'])"
            + " name WHERE EXISTS (SELECT FROM unnest(s.setconfig) c WHERE c LIKE name || '=%')");
  }

  /**
   * Functions of main's may hold an address and a password. Without a network they reach nobody but
   * by a unix socket of this machine, which is a file; so these go, too.
   */
  private static void takeAwayReach(Connection connection) throws SQLException {
    execute(
        connection,
        "UPDATE pg_proc SET proacl = ARRAY[makeaclitem(proowner, proowner, 'EXECUTE', false)] WHERE"
            + " oid IN (SELECT d.objid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid"
            + " WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_extension'::regclass"
            + " AND d.deptype = 'e' AND e.extname IN ('dblink', 'http', 'pg_net'))");
  }

  private static void makeRoles(Connection connection) throws SQLException {
    each(
        connection,
        "SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY["
            + Identifiers.literal(Roles.OWNER)
            + ","
            + Identifiers.literal(Roles.CLIENT)
            + "]) name WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)");
    execute(connection, "ALTER ROLE " + Roles.OWNER + " SUPERUSER LOGIN CONNECTION LIMIT -1");
    execute(
        connection,
        "ALTER ROLE " + Roles.CLIENT + " NOSUPERUSER LOGIN INHERIT CONNECTION LIMIT -1");
    each(
        connection,
        "SELECT format('GRANT %I TO "
            + Roles.CLIENT
            + "', rolname) FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_' AND rolname NOT"
            + " LIKE 'anabranch\\_%' AND oid IN (SELECT relowner FROM pg_class UNION SELECT"
            + " nspowner FROM pg_namespace UNION SELECT proowner FROM pg_proc UNION SELECT typowner"
            + " FROM pg_type UNION SELECT datdba FROM pg_database WHERE datname ="
            + " current_database())");
  }

  /**
   * What superusers own becomes the client's: it must be able to migrate it, and must not become a
   * superuser for that.
   */
  private static void handOver(Connection connection) throws SQLException {
    String to = " OWNER TO " + Roles.CLIENT + "'";
    each(
        connection,
        "SELECT format('ALTER DATABASE %I"
            + to
            + ", datname) FROM pg_database WHERE "
            + OWNED_BY_SUPERUSER.formatted("datdba"));
    each(
        connection,
        "SELECT format('ALTER SCHEMA %I"
            + to
            + ", nspname) FROM pg_namespace n WHERE "
            + USER_SCHEMA
            + " AND "
            + OWNED_BY_SUPERUSER.formatted("nspowner")
            + " AND "
            + NOT_OF_AN_EXTENSION.formatted("pg_namespace", "n.oid"));
    each(
        connection,
        "SELECT format('ALTER %s %I.%I"
            + to
            + ", CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN"
            + " 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, nspname, relname) FROM"
            + " pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN"
            + " ('r','p','v','m','f','S') AND "
            + USER_SCHEMA
            + " AND "
            + OWNED_BY_SUPERUSER.formatted("relowner")
            + " AND "
            + NOT_OF_AN_EXTENSION.formatted("pg_class", "c.oid")
            + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND"
            + " d.objid = c.oid AND c.relkind = 'S' AND d.deptype IN ('a','i') AND d.refclassid ="
            + " 'pg_class'::regclass)");
    each(
        connection,
        "SELECT format('ALTER %s %I.%I"
            + to
            + ", CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, nspname, typname) FROM"
            + " pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE (typtype IN"
            + " ('d','e','r') OR typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid ="
            + " typrelid) = 'c') AND "
            + USER_SCHEMA
            + " AND "
            + OWNED_BY_SUPERUSER.formatted("typowner")
            + " AND "
            + NOT_OF_AN_EXTENSION.formatted("pg_type", "t.oid"));
    each(
        connection,
        // Named with the modes of its parameters: procedures that differ in them alone have one
        // name otherwise.
        "SELECT format('ALTER %s %I.%I(%s)"
            + to
            + ", CASE prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, nspname, proname,"
            + " pg_get_function_identity_arguments(p.oid))"
            + " FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE prokind IN"
            + " ('f','p','w') AND "
            + USER_SCHEMA
            + " AND "
            + OWNED_BY_SUPERUSER.formatted("proowner")
            + " AND "
            + NOT_OF_AN_EXTENSION.formatted("pg_proc", "p.oid"));
  }

  /** Every row write of the client's must be found in the branch's log. */
  private static void capture(Connection connection) throws SQLException {
    // From Postgres 18 on, updates of a table with generated columns and whole-row identity are
    // refused without them.
    boolean namesGenerated = connection.getMetaData().getDatabaseMajorVersion() >= 18;
    execute(
        connection,
        "CREATE PUBLICATION "
            + Roles.CAPTURE
            + " FOR ALL TABLES"
            + (namesGenerated ? " WITH (publish_generated_columns = stored)" : ""));
    new RowIdentity(connection).keep();
    new DdlLog(connection).keep();
    hideFromDumps(connection);
  }

  /**
   * What belongs to an extension is dumped with it, by its name, and our publication and event
   * triggers are nothing that a dump of the branch should bring to another place. No command makes
   * a publication part of an extension, so both are entered where pg_dump looks it up.
   */
  private static void hideFromDumps(Connection connection) throws SQLException {
    execute(
        connection,
        """
        INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
        SELECT ours.class, ours.oid, 0, 'pg_extension'::regclass, e.oid, 0, 'e'
        FROM pg_extension e CROSS JOIN (
          SELECT 'pg_publication'::regclass::oid AS class, oid FROM pg_publication
          UNION ALL
          SELECT 'pg_event_trigger'::regclass::oid, oid FROM pg_event_trigger
          WHERE evtname IN ('anabranch_identify_tables', '%s', '%s')) ours
        WHERE e.extname = 'plpgsql'
        """
            .formatted(DdlLog.ON_COMMAND, DdlLog.ON_DROP));
  }

  /** Runs the statements that a query's first column holds. */
  private static void each(Connection connection, String query) throws SQLException {
    List<String> statements = rows(connection, query);
    if (!statements.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.addBatch(sql);
        }
        statement.executeBatch();
      }
    }
  }

  private static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
