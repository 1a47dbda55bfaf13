package dev.anabranch.trials.drive;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Where a Postgres listens and as whom to log in, read from a {@code
 * postgresql://user:password@host:port/database} URL.
 *
 * @param password empty when the URL has none
 */
public record Address(String host, int port, String database, String user, String password) {

  /** Reads a connection URL as libpq writes it. */
  public static Address parse(String url) {
    URI uri = URI.create(url);
    String[] login =
        uri.getRawUserInfo() == null
            ? new String[] {"postgres"}
            : uri.getRawUserInfo().split(":", 2);
    String database =
        uri.getPath() == null || uri.getPath().length() < 2
            ? "postgres"
            : uri.getPath().substring(1);
    return new Address(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        database,
        decoded(login[0]),
        login.length > 1 ? decoded(login[1]) : "");
  }

  /** The same branch as it was at a moment of its own. */
  public Address at(String moment) {
    String past = database + "@" + URLEncoder.encode(moment, StandardCharsets.UTF_8);
    return new Address(host, port, past, user, password);
  }

  /** The URL that {@link #parse} reads. */
  public String url() {
    String login = password.isEmpty() ? user : user + ":" + password;
    return "postgresql://" + login + "@" + host + ":" + port + "/" + database;
  }

  /** Opens a connection; {@code options} are pgjdbc properties. */
  public Connection connect(Map<String, String> options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
    // Results stay Postgres's own text, which is what the report shows and what brute force
    // compares.
    properties.setProperty("binaryTransfer", "false");
    properties.setProperty("connectTimeout", "20");
    properties.setProperty("socketTimeout", "180");
    properties.putAll(options);
    return DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
  }

  public Connection connect() throws SQLException {
    return connect(Map.of());
  }

  /** Runs each statement by itself, in a session of its own. */
  public void run(String... sql) throws SQLException {
    try (Connection connection = connect()) {
      Sql.run(connection, List.of(sql));
    }
  }

  /** The first column of each row, as text, from a session of its own. */
  public List<String> texts(String sql) throws SQLException {
    try (Connection connection = connect()) {
      return Sql.texts(connection, sql);
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
