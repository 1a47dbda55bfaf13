package dev.anabranch.trials.drive;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a session asks: the settings it makes first, and the protocol it speaks.
 *
 * @param settings names and values, applied in order
 * @param simpleProtocol whether statements go as simple queries, with parameters written into the
 *     text
 */
public record Profile(Map<String, String> settings, boolean simpleProtocol) {

  public Profile {
    settings = Map.copyOf(settings);
  }

  /** The defaults, and one schema to look in. */
  public static Profile in(String schema) {
    return new Profile(Map.of("search_path", schema), false);
  }

  /** The same, with one more setting. */
  public Profile with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(name, value);
    return new Profile(more, simpleProtocol);
  }

  /** The same over the simple protocol. */
  public Profile simple() {
    return new Profile(settings, true);
  }

  /** Properties for the driver. */
  public Map<String, String> options() {
    return simpleProtocol ? Map.of("preferQueryMode", "simple") : Map.of();
  }

  /** Makes the settings, for the session or, inside a transaction, for its rest. */
  public void apply(Connection connection, boolean local) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        statement.execute(
            (local ? "SET LOCAL " : "SET ")
                + setting.getKey()
                + " = '"
                + setting.getValue().replace("'", "''")
                + "'");
      }
    }
  }
}
