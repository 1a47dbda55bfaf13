package dev.anabranch.trials.drive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Statements over JDBC, as the trials send them. */
public final class Sql {

  private static final String INTERNAL_ERROR = "XX000";

  private Sql() {}

  /** Whether the server itself did not expect this failure. */
  public static boolean unexplained(SQLException failure) {
    return INTERNAL_ERROR.equals(failure.getSQLState());
  }

  /** Sends statements one by one. */
  public static void run(Connection connection, List<String> statements) throws SQLException {
    for (String sql : statements) {
      run(connection, sql);
    }
  }

  /** Sends one statement and drops its result. */
  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Asks with parameters whose types the server decides. */
  public static Rows ask(Connection connection, String sql, List<String> parameters)
      throws SQLException {
    if (parameters.isEmpty()) {
      try (Statement statement = connection.createStatement();
          ResultSet results = statement.executeQuery(sql)) {
        return Rows.read(results);
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i), Types.OTHER);
      }
      try (ResultSet results = statement.executeQuery()) {
        return Rows.read(results);
      }
    }
  }

  /** The first column of each row, as text. */
  public static List<String> texts(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /** Asks without parameters. */
  public static Rows ask(Connection connection, String sql) throws SQLException {
    return ask(connection, sql, List.of());
  }
}
