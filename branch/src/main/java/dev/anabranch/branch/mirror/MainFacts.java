package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What must be known about main to keep a standby of it and to branch from that.
 *
 * @param versionNumber such as 180006
 * @param bootstrapSuperuser the role with OID 10, which every physical copy has
 * @param mayCheckpoint whether we may ask main for a checkpoint
 * @param standbyMinimums settings that a standby must not have smaller
 * @param sessionDefaults settings in main's configuration file that change what a statement means
 * @param walSegmentBytes the size of its log files
 */
public record MainFacts(
    int versionNumber,
    String bootstrapSuperuser,
    boolean mayCheckpoint,
    Map<String, String> standbyMinimums,
    Map<String, String> sessionDefaults,
    long walSegmentBytes) {

  private static final int VERSION_PER_MAJOR = 10_000;

  private static final String MINIMUMS =
      "'max_connections', 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions',"
          + " 'max_locks_per_transaction'";

  private static final String MEANING =
      "'timezone', 'datestyle', 'intervalstyle', 'lc_monetary', 'lc_numeric', 'lc_time',"
          + " 'default_text_search_config', 'search_path', 'bytea_output', 'extra_float_digits',"
          + " 'standard_conforming_strings', 'backslash_quote', 'array_nulls', 'xmlbinary',"
          + " 'xmloption', 'transform_null_equals', 'default_transaction_isolation',"
          + " 'row_security', 'timezone_abbreviations', 'default_toast_compression'";

  public MainFacts {
    standbyMinimums = Map.copyOf(standbyMinimums);
    sessionDefaults = Map.copyOf(sessionDefaults);
  }

  public int major() {
    return versionNumber / VERSION_PER_MAJOR;
  }

  public static MainFacts read(MainAddress main) {
    try (Connection connection = main.connect();
        Statement statement = connection.createStatement()) {
      int version = Integer.parseInt(text(statement, "SHOW server_version_num"));
      Map<String, String> minimums =
          pairs(
              statement, "SELECT name, setting FROM pg_settings WHERE name IN (" + MINIMUMS + ")");
      return new MainFacts(
          version,
          text(statement, "SELECT rolname FROM pg_roles WHERE oid = 10"),
          text(statement, "SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')").equals("t"),
          minimums,
          sessionDefaults(statement),
          Long.parseLong(
              text(statement, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'")));
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> sessionDefaults(Statement statement) throws SQLException {
    // Only those who may see main's files: others get Postgres's own defaults, and the time zone we
    // can see.
    if (text(statement, "SELECT has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')")
        .equals("t")) {
      return pairs(
          statement,
          "SELECT lower(name), setting FROM pg_show_all_file_settings() WHERE applied AND"
              + " lower(name) IN ("
              + MEANING
              + ")");
    }
    return Map.of();
  }

  private static String text(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      if (!row.next()) {
        throw new SQLException("no row from " + sql);
      }
      return row.getString(1);
    }
  }

  private static Map<String, String> pairs(Statement statement, String sql) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.put(rows.getString(1), rows.getString(2));
      }
    }
    return values;
  }
}
