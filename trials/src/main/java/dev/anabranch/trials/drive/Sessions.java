package dev.anabranch.trials.drive;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The named sessions of one branch, each opened when it first speaks. */
public final class Sessions implements AutoCloseable {

  private final Address branch;
  private final Function<String, Profile> profiles;
  private final Map<String, Connection> open = new LinkedHashMap<>();

  public Sessions(Address branch, Function<String, Profile> profiles) {
    this.branch = branch;
    this.profiles = profiles;
  }

  /** The session's connection, opened with its profile's settings. */
  public Connection connection(String session) throws SQLException {
    Connection known = open.get(session);
    if (known != null) {
      return known;
    }
    Profile profile = profiles.apply(session);
    Map<String, String> options = new LinkedHashMap<>(profile.options());
    // Each session is another program's: together they would be one window of work.
    options.put("ApplicationName", session);
    options.put("assumeMinServerVersion", "9.0");
    Connection connection = branch.connect(options);
    open.put(session, connection);
    profile.apply(connection, false);
    return connection;
  }

  /** Asks, under the answer's label. */
  public Rows ask(Step.Ask ask) throws SQLException {
    return Sql.ask(connection(ask.session()), ask.labelled(), ask.parameters());
  }

  /** Acts. */
  public void act(Step.Act act) throws SQLException {
    Connection connection = connection(act.session());
    if (!act.refused()) {
      Sql.run(connection, act.sql());
      return;
    }
    try {
      Sql.run(connection, act.sql());
    } catch (SQLException e) {
      return;
    }
    throw new SQLException("this should have been refused: " + act.sql());
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : open.values()) {
      connection.close();
    }
    open.clear();
  }
}
