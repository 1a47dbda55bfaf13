package dev.anabranch.trials.cycles;

import dev.anabranch.trials.drive.Rows;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLState;

/** The sessions of programs on one database: a branch, or a copy of main. */
final class Player implements AutoCloseable {

  /** Where sessions connect. */
  @FunctionalInterface
  interface Door {
    Connection open(Map<String, String> options) throws SQLException;
  }

  private final Door door;
  private final String schema;
  private final Map<String, Connection> sessions = new LinkedHashMap<>();
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final Map<String, String> remembered = new HashMap<>();

  Player(Door door, String schema) {
    this.door = door;
    this.schema = schema;
  }

  /** What programs have been told before. */
  void remember(Map<String, String> told) {
    remembered.putAll(told);
  }

  /** Says one line, under its label, and returns what it told. */
  Told say(Program program, Line line, String label) throws SQLException {
    Connection session = session(program, line);
    String sql = "/* " + label + " */ " + filled(program, line.sql()) + trace(program);
    Told told;
    try {
      told =
          line.copied().isPresent()
              ? copy(session, sql, line)
              : plainly(program, session, sql, line);
    } catch (SQLException e) {
      if (PSQLState.isConnectionError(e.getSQLState())) {
        throw e;
      }
      told = new Told.Refused(String.valueOf(e.getSQLState()), String.valueOf(e.getMessage()));
    }
    Told heard = told;
    line.remember()
        .ifPresent(name -> remembered.put(program.task() + name, heard.firstCell().orElse("0")));
    return told;
  }

  private Connection session(Program program, Line line) throws SQLException {
    String name = program.session(line);
    Connection known = sessions.get(name);
    if (known != null) {
      return known;
    }
    String application =
        program.naming() == Program.Naming.WINDOW ? "app-" + program.task() : "cycles";
    Connection opened =
        door.open(
            Map.of(
                "ApplicationName", application,
                "assumeMinServerVersion", "9.0",
                "prepareThreshold", "1"));
    sessions.put(name, opened);
    Sql.run(opened, Programs.opening(program, schema));
    return opened;
  }

  private Told plainly(Program program, Connection session, String sql, Line line)
      throws SQLException {
    if (line.parameters().isEmpty()) {
      try (Statement statement = session.createStatement()) {
        return statement.execute(sql)
            ? new Told.Got(Rows.read(statement.getResultSet()))
            : new Told.Wrote(statement.getUpdateCount());
      }
    }
    String key = program.session(line) + sql;
    PreparedStatement statement = prepared.get(key);
    if (statement == null) {
      statement = session.prepareStatement(sql);
      prepared.put(key, statement);
    }
    for (int i = 0; i < line.parameters().size(); i++) {
      statement.setObject(i + 1, line.parameters().get(i), Types.OTHER);
    }
    if (!statement.execute()) {
      return new Told.Wrote(statement.getUpdateCount());
    }
    try (ResultSet rows = statement.getResultSet()) {
      return new Told.Got(Rows.read(rows));
    }
  }

  private static Told copy(Connection session, String sql, Line line) throws SQLException {
    try {
      return new Told.Wrote(
          session
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(sql, new StringReader(line.copied().orElse(""))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String filled(Program program, String sql) {
    String filled = sql;
    for (Map.Entry<String, String> value : remembered.entrySet()) {
      if (value.getKey().startsWith(program.task())) {
        filled =
            filled.replace(
                "{" + value.getKey().substring(program.task().length()) + "}", value.getValue());
      }
    }
    return filled;
  }

  private static String trace(Program program) {
    return program.naming() == Program.Naming.TRACED
        ? " /*traceparent='00-%032x-%016x-01'*/".formatted(program.number() + 0xabc000L, 7)
        : "";
  }

  /** Ends all sessions; what they remember goes with them. */
  void hangUp() throws SQLException {
    for (Connection connection : List.copyOf(sessions.values())) {
      connection.close();
    }
    sessions.clear();
    prepared.clear();
  }

  @Override
  public void close() throws SQLException {
    hangUp();
  }
}
