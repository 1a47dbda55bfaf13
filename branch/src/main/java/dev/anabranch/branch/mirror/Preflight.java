package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Whether main can be branched: everything that is missing at once, each with what mends it.
 *
 * @param unmet what must be mended before anything works
 * @param withoutIdentity tables that have neither a key nor a full replica identity: main's changes
 *     to them can't be followed row by row, so answers about them are asked again
 */
public record Preflight(List<Requirement> unmet, List<String> withoutIdentity) {

  static final int OLDEST_MAJOR = 15;
  private static final int SLOTS_NEEDED = 2;
  private static final int SENDERS_NEEDED = 3;
  private static final int VERSION_PER_MAJOR = 10_000;

  /**
   * @param problem what is wrong, as a clause
   * @param remedy the SQL that mends it, or what else does
   */
  public record Requirement(String problem, String remedy) {}

  public Preflight {
    unmet = List.copyOf(unmet);
    withoutIdentity = List.copyOf(withoutIdentity);
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#MAIN_NOT_READY} and the whole list when
   *     something is unmet
   */
  public void require() {
    if (!unmet.isEmpty()) {
      StringBuilder list = new StringBuilder();
      for (Requirement requirement : unmet) {
        list.append("\n  ").append(requirement.problem()).append(": ").append(requirement.remedy());
      }
      throw new AnabranchException(ErrorCode.MAIN_NOT_READY, list);
    }
  }

  /**
   * Looks at main and changes nothing there.
   *
   * @throws AnabranchException with {@link ErrorCode#MAIN_UNREACHABLE}
   */
  public static Preflight of(MainAddress main) {
    try (Connection connection = main.connect();
        Statement statement = connection.createStatement()) {
      Inspection inspection = new Inspection(statement, main);
      inspection.version();
      if (inspection.unmet.isEmpty()) {
        inspection.primary();
        inspection.log();
        inspection.slotsAndSenders();
        inspection.privileges();
        inspection.ownership();
        inspection.tablespaces();
        inspection.encoding();
        inspection.replicationLogin();
      }
      return new Preflight(inspection.unmet, inspection.withoutIdentity());
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private record Inspection(Statement statement, MainAddress main, List<Requirement> unmet) {

    Inspection(Statement statement, MainAddress main) {
      this(statement, main, new ArrayList<>());
    }

    void version() throws SQLException {
      int major = number("SELECT current_setting('server_version_num')::int") / VERSION_PER_MAJOR;
      if (major < OLDEST_MAJOR) {
        miss("it runs Postgres " + major, "Anabranch needs Postgres " + OLDEST_MAJOR + " or newer");
      }
    }

    void primary() throws SQLException {
      if (yes("SELECT pg_is_in_recovery()")) {
        miss("it is a standby", "name its primary in --main");
      }
    }

    void log() throws SQLException {
      if (!yes("SELECT current_setting('wal_level') = 'logical'")) {
        miss(
            "wal_level is " + text("SHOW wal_level"),
            "ALTER SYSTEM SET wal_level = 'logical'; and restart it");
      }
      if (yes(
          "SELECT current_setting('full_page_writes') = 'off' AND current_setting('fsync') ="
              + " 'on'")) {
        miss(
            "full_page_writes is off",
            "ALTER SYSTEM SET full_page_writes = 'on'; SELECT pg_reload_conf();");
      }
    }

    void slotsAndSenders() throws SQLException {
      // Slots of ours that are there already are not needed again.
      int free =
          number(
              "SELECT current_setting('max_replication_slots')::int - (SELECT count(*)::int FROM"
                  + " pg_replication_slots WHERE slot_name !~ '^anabranch_')");
      missSetting("max_replication_slots", "replication slots are free", free, SLOTS_NEEDED);
      int senders =
          number(
              "SELECT current_setting('max_wal_senders')::int - (SELECT count(*)::int FROM"
                  + " pg_stat_replication WHERE application_name !~ '^anabranch')");
      missSetting("max_wal_senders", "WAL senders are free", senders, SENDERS_NEEDED);
    }

    private void missSetting(String setting, String what, int free, int needed)
        throws SQLException {
      if (free < needed) {
        int wanted =
            number("SELECT current_setting('" + setting + "')::int") + needed - Math.max(0, free);
        miss(
            "only " + Math.max(0, free) + " " + what + " and Anabranch needs " + needed,
            "ALTER SYSTEM SET " + setting + " = " + wanted + "; and restart it");
      }
    }

    void privileges() throws SQLException {
      if (!yes("SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user")) {
        miss(
            "our role may not replicate",
            text("SELECT format('ALTER ROLE %I REPLICATION;', current_user)"));
      }
      if (!yes("SELECT has_database_privilege(current_database(), 'CREATE')")) {
        miss(
            "our role may not create the publication",
            text(
                "SELECT format('GRANT CREATE ON DATABASE %I TO %I;', current_database(),"
                    + " current_user)"));
      }
      if (!yes("SELECT has_parameter_privilege('session_replication_role', 'SET')")) {
        miss(
            "our role may not keep triggers from firing twice in a promotion",
            text(
                "SELECT format('GRANT SET ON PARAMETER session_replication_role TO %I;',"
                    + " current_user)"));
      }
    }

    /** The publication lists tables, and a promotion writes to them. */
    void ownership() throws SQLException {
      String owners =
          "FROM (SELECT DISTINCT relowner FROM pg_class c JOIN pg_namespace n ON n.oid ="
              + " relnamespace WHERE relkind IN ('r','p') AND nspname <> 'information_schema' AND"
              + " nspname !~ '^pg_') o WHERE NOT pg_has_role(current_user, relowner, 'USAGE')";
      if (yes("SELECT EXISTS (SELECT " + owners + ")")) {
        miss(
            "our role does not own all tables",
            text(
                "SELECT string_agg(format('GRANT %I TO %I;', pg_get_userbyid(relowner),"
                    + " current_user), ' ') "
                    + owners));
      }
    }

    /**
     * A copied directory would still point at main's own tablespaces, but for those that lie within
     * it.
     */
    void tablespaces() throws SQLException {
      String own =
          "FROM pg_tablespace WHERE spcname !~ '^pg_' AND pg_tablespace_location(oid) NOT LIKE"
              + " 'pg_tblspc/%'";
      if (yes("SELECT EXISTS (SELECT " + own + ")")) {
        miss(
            "it has tablespaces of its own, which a branch can't copy",
            text(
                "SELECT string_agg(format('ALTER TABLE ALL IN TABLESPACE %1$I SET TABLESPACE"
                    + " pg_default; ALTER INDEX ALL IN TABLESPACE %1$I SET TABLESPACE pg_default;"
                    + " DROP TABLESPACE %1$I;', spcname), ' ') "
                    + own));
      }
    }

    /**
     * Rows are compared as UTF-8. That says the same as the database's own bytes only where each of
     * them is one character: main is asked to convert all there are. A byte that no character
     * belongs to would stop the feed, and main would keep its log for it.
     */
    void encoding() throws SQLException {
      String encoding = text("SELECT getdatabaseencoding()");
      if (encoding.equals("UTF8") || isOneByteACharacter()) {
        return;
      }
      miss(
          "its encoding is " + encoding + ", whose text can't be followed in UTF-8 without loss",
          "pg_dump it into a database made WITH ENCODING 'UTF8' TEMPLATE template0, and branch"
              + " that");
    }

    private boolean isOneByteACharacter() {
      try {
        return yes(
            "SELECT count(DISTINCT convert(set_byte(decode('00', 'hex'), 0, i),"
                + " getdatabaseencoding(), 'UTF8')) = 128 FROM generate_series(128, 255) i");
      } catch (SQLException e) {
        return false; // there is one that it can't convert
      }
    }

    /**
     * {@code pg_hba.conf} has rules of its own for replication, and no SQL says whether they let us
     * in.
     */
    void replicationLogin() {
      Properties properties = main.properties();
      properties.setProperty("replication", "true");
      properties.setProperty("preferQueryMode", "simple");
      properties.setProperty("assumeMinServerVersion", "9.4");
      try (Connection _ = java.sql.DriverManager.getConnection(main.jdbcUrl(), properties)) {
        return;
      } catch (SQLException e) {
        if (String.valueOf(e.getMessage()).contains("pg_hba")) {
          miss(
              "it lets no replication connection in",
              "add the line `host replication "
                  + main.user()
                  + " <this host's address>/32 scram-sha-256` to its pg_hba.conf and SELECT"
                  + " pg_reload_conf();");
        }
      }
    }

    List<String> withoutIdentity() throws SQLException {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
                  + " relnamespace WHERE relkind = 'r' AND relpersistence = 'p' AND nspname <>"
                  + " 'information_schema' AND nspname !~ '^pg_' AND NOT (relreplident = 'f' OR"
                  + " relreplident = 'd' AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid"
                  + " AND indisprimary) OR relreplident = 'i' AND EXISTS (SELECT FROM pg_index"
                  + " WHERE indrelid = c.oid AND indisreplident)) ORDER BY 1")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      return tables;
    }

    private void miss(String problem, String remedy) {
      unmet.add(new Requirement(problem, remedy));
    }

    private boolean yes(String sql) throws SQLException {
      return text(sql).equals("t");
    }

    private int number(String sql) throws SQLException {
      return Integer.parseInt(text(sql));
    }

    private String text(String sql) throws SQLException {
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return String.valueOf(row.getString(1));
      }
    }
  }
}
