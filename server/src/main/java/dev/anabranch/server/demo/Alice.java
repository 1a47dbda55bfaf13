package dev.anabranch.server.demo;

import dev.anabranch.server.demo.DemoStep.Act;
import dev.anabranch.server.demo.DemoStep.Ask;
import dev.anabranch.server.demo.DemoStep.Desk;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Alice at her desks: several ordinary connections to her branch, through the gateway. */
final class Alice implements AutoCloseable {

  private final String url;
  private final Properties login;
  private final Map<Desk, Connection> desks = new EnumMap<>(Desk.class);

  /**
   * @param url of her branch, as JDBC has it
   */
  Alice(String url, String user, String password) {
    this.url = url;
    this.login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", password);
  }

  /** Asks and acts, step by step; returns what she was answered, question by question. */
  List<Rows> workThrough(List<DemoStep> script) throws SQLException {
    List<Rows> given = new ArrayList<>();
    for (DemoStep step : script) {
      Connection desk = at(step.desk());
      switch (step) {
        case Ask ask -> given.add(Rows.ask(desk, ask));
        case Act act -> {
          try (Statement statement = desk.createStatement()) {
            statement.execute(act.sql());
          }
        }
      }
    }
    return given;
  }

  private Connection at(Desk desk) throws SQLException {
    Connection known = desks.get(desk);
    if (known != null) {
      return known;
    }
    Connection connection = DriverManager.getConnection(url, login);
    desks.put(desk, connection);
    if (!desk.task().isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET anabranch.task = '" + desk.task() + "'");
      }
    }
    return connection;
  }

  @Override
  public void close() throws SQLException {
    for (Connection desk : desks.values()) {
      desk.close();
    }
  }
}
