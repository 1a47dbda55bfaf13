package dev.anabranch.check;

import dev.anabranch.base.Identifiers;
import dev.anabranch.ledger.Question;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What statements leave in the settings of the session that executes them on a scratch copy. */
final class SettingsLeft {

  /** Settings of applications that functions name. */
  private static final String IN_CODE =
      """
      SELECT DISTINCT pg_catalog.lower(found[1])
      FROM pg_catalog.pg_proc p
      CROSS JOIN LATERAL pg_catalog.regexp_matches(
        coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc),
        '(?:''|\\mset\\s+(?:local\\s+|session\\s+)?)([A-Za-z_][A-Za-z0-9_$]*(?:\\.[A-Za-z_][A-Za-z0-9_$]*)+)',
        'gi') AS found
      WHERE p.oid >= 16384 AND p.prolang NOT IN (12, 13)
      LIMIT 200
      """;

  private static final String VALUES =
      "SELECT n, coalesce(pg_catalog.current_setting(n, true), '') FROM"
          + " pg_catalog.unnest(?::pg_catalog.text[]) AS n";

  /** A function's own SET clauses take back what is set in it for the transaction alone. */
  private static final String INSIDE = "anabranch_rehearsal.inside";

  private final Connection connection;
  private Optional<Set<String>> inCode = Optional.empty();

  SettingsLeft(Connection connection) {
    this.connection = connection;
  }

  /** As a superuser. */
  Set<String> inCode() throws SQLException {
    if (inCode.isEmpty()) {
      Set<String> names = new HashSet<>();
      try (Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        try (ResultSet row = statement.executeQuery(IN_CODE)) {
          while (row.next()) {
            names.add(row.getString(1));
          }
        }
      }
      inCode = Optional.of(names);
    }
    return inCode.get();
  }

  Map<String, String> values(Collection<String> names) throws SQLException {
    Map<String, String> values = new HashMap<>();
    if (names.isEmpty()) {
      return values;
    }
    Array array = connection.createArrayOf("text", names.toArray());
    try (PreparedStatement query = connection.prepareStatement(VALUES)) {
      query.setArray(1, array);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          values.put(row.getString(1), row.getString(2));
        }
      }
    }
    return values;
  }

  static Map<String, String> changed(Map<String, String> before, Map<String, String> after) {
    Map<String, String> changed = new TreeMap<>(after);
    changed.entrySet().removeAll(before.entrySet());
    return changed;
  }

  /**
   * Makes the function in which a statement is executed, under settings that have been set already;
   * as a superuser.
   */
  void prepareInside(Collection<String> names, Question question) throws SQLException {
    Map<String, String> values = values(names);
    StringBuilder sets = new StringBuilder();
    for (String name : names) {
      sets.append(" SET ").append(Identifiers.quote(name));
      if (name.equals("role")) {
        String role = question.settings().getOrDefault("role", "none");
        sets.append(" TO ").append(Identifiers.literal(role));
      } else if (values.getOrDefault(name, "").isEmpty()) {
        sets.append(" TO ''");
      } else {
        sets.append(" FROM CURRENT");
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute("GRANT USAGE ON SCHEMA anabranch_rehearsal TO PUBLIC");
      statement.execute(
          "CREATE FUNCTION "
              + INSIDE
              + "(statement text) RETURNS void LANGUAGE plpgsql"
              + sets
              + " AS 'BEGIN EXECUTE statement; END'");
    }
  }

  /** What executes a statement there. */
  static String inside(String sql) {
    return "SELECT " + INSIDE + "(" + Identifiers.literal(sql) + ")";
  }
}
