package dev.anabranch.base;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The settings that every session of Anabranch's own brings along, so that nothing that {@code
 * ALTER DATABASE}, {@code ALTER ROLE} or a configuration file says about sessions can break it: not
 * on main, its mirror, a branch, a scratch copy or the control database. What a start-up packet
 * says outranks all of them.
 *
 * <p>Only what our statements rest on whatever they are about. What gives a client's statement its
 * meaning is left as main has it, since such statements are analysed and asked again in sessions of
 * ours; and what row images rest on is {@link TextForm}. Clients' sessions have none of this.
 */
public final class SessionDefaults {

  private static final int FIRST_WITH_TRANSACTION_TIMEOUT = 17;

  /** The SQLSTATE of a session that was ended by it. */
  private static final String TRANSACTION_TIMEOUT = "25P04";

  private static final Map<String, String> SETTINGS = new LinkedHashMap<>();

  static {
    SETTINGS.put("default_transaction_isolation", "read committed");
    SETTINGS.put("default_transaction_read_only", "off");
    SETTINGS.put("default_transaction_deferrable", "off");
    SETTINGS.put("statement_timeout", "0");
    SETTINGS.put("lock_timeout", "0");
    SETTINGS.put("idle_in_transaction_session_timeout", "0");
    SETTINGS.put("idle_session_timeout", "0");
  }

  private SessionDefaults() {}

  /** Adds them to what pgjdbc connects with. */
  public static void addTo(Properties properties) {
    properties.setProperty("options", options());
  }

  /** The same for a Postgres whose major version is known, with what only newer ones know. */
  public static void addTo(Properties properties, int major) {
    properties.setProperty(
        "options",
        major < FIRST_WITH_TRANSACTION_TIMEOUT
            ? options()
            : options() + " -c transaction_timeout=0");
  }

  private static String options() {
    return SETTINGS.entrySet().stream()
        .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue().replace(" ", "\\ "))
        .collect(Collectors.joining(" "));
  }

  /**
   * The rest, where the version was not known before: a start-up packet that names a setting which
   * an older Postgres does not have is refused. For pools.
   */
  public static final String COMPLETING =
      "SELECT pg_catalog.set_config('transaction_timeout', '0', false) WHERE"
          + " pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL";

  /** How a driver connects. */
  public interface Connecting {
    Connection with(Properties properties) throws SQLException;
  }

  /**
   * A connection with all of them to a Postgres whose version is not known. Where a transaction may
   * take so little time that a session can't even begin, it is one that knows {@code
   * transaction_timeout}.
   */
  public static Connection connect(Properties properties, Connecting driver) throws SQLException {
    addTo(properties);
    try {
      return completed(driver.with(properties));
    } catch (SQLException e) {
      if (!TRANSACTION_TIMEOUT.equals(e.getSQLState())) {
        throw e;
      }
      addTo(properties, FIRST_WITH_TRANSACTION_TIMEOUT);
      return driver.with(properties);
    }
  }

  private static Connection completed(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(COMPLETING);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
