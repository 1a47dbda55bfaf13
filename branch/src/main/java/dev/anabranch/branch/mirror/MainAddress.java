package dev.anabranch.branch.mirror;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.SessionDefaults;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * How to reach main.
 *
 * @param host a name or address, or the directory of a unix socket
 * @param port its port
 * @param database the one database that is branched
 * @param user who we are there
 * @param password empty when none is needed
 * @param sslMode libpq's word for how much encryption is demanded
 */
public record MainAddress(
    String host,
    int port,
    String database,
    String user,
    Optional<String> password,
    String sslMode) {

  private static final int DEFAULT_PORT = 5432;
  private static final int CONNECT_SECONDS = 10;

  /**
   * Reads a URL as libpq writes it, {@code
   * postgresql://user:password@host:port/database?sslmode=require}.
   *
   * @throws AnabranchException with {@link ErrorCode#SETTINGS_INVALID}; the message never holds the
   *     password
   */
  public static MainAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw invalid("it can't be read as a URL");
    }
    if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme())) {
      throw invalid("it must start with postgres:// or postgresql://");
    }
    Map<String, String> query = query(uri.getRawQuery());
    String[] login =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    String user = login.length > 0 ? decode(login[0]) : query.getOrDefault("user", "postgres");
    Optional<String> password =
        login.length > 1
            ? Optional.of(decode(login[1]))
            : Optional.ofNullable(query.get("password"));
    String path = uri.getRawPath();
    String database =
        path == null || path.length() < 2
            ? query.getOrDefault("dbname", user)
            : decode(path.substring(1));
    String host = uri.getHost() != null ? uri.getHost() : query.getOrDefault("host", "localhost");
    int port =
        uri.getPort() > 0
            ? uri.getPort()
            : Integer.parseInt(query.getOrDefault("port", Integer.toString(DEFAULT_PORT)));
    return new MainAddress(
        host, port, database, user, password, query.getOrDefault("sslmode", "prefer"));
  }

  private static AnabranchException invalid(String why) {
    return new AnabranchException(
        ErrorCode.SETTINGS_INVALID,
        "\n  --main: " + why + ", as in postgresql://user:password@host:5432/database");
  }

  private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The URL that clients use, password included: for its owner's eyes only. */
  public String url() {
    String login = encode(user) + password.map(word -> ":" + encode(word)).orElse("");
    return isSocket()
        ? "postgresql://"
            + login
            + "@/"
            + encode(database)
            + "?host="
            + encode(host)
            + "&port="
            + port
        : "postgresql://" + login + "@" + host + ":" + port + "/" + encode(database);
  }

  private boolean isSocket() {
    return host.startsWith("/");
  }

  /** For pools; {@link #properties()} belong with it. */
  public String jdbcUrl() {
    String address = isSocket() ? "localhost" : host + ":" + port;
    return "jdbc:postgresql://" + address + "/" + encode(database);
  }

  /**
   * User, password, encryption and, for a unix socket, its factory, as pgjdbc names them, and the
   * session's {@link SessionDefaults}.
   */
  public Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.orElse(""));
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("ApplicationName", "anabranch");
    if (isSocket()) {
      properties.setProperty("sslmode", "disable");
      properties.setProperty(
          "socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
      properties.setProperty("socketFactoryArg", host + "/.s.PGSQL." + port);
    } else {
      properties.setProperty("sslmode", sslMode);
    }
    SessionDefaults.addTo(properties);
    return properties;
  }

  /**
   * @throws AnabranchException with {@link ErrorCode#MAIN_UNREACHABLE}
   */
  public Connection connect() {
    try {
      return SessionDefaults.connect(
          properties(), properties -> DriverManager.getConnection(jdbcUrl(), properties));
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  /** As libpq's programs and a standby read it, without the password. */
  public Map<String, String> conninfo() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("host", host);
    values.put("port", Integer.toString(port));
    values.put("user", user);
    values.put("sslmode", isSocket() ? "disable" : sslMode);
    values.put("application_name", "anabranch");
    return values;
  }

  @Override
  public String toString() {
    return "main at " + user + "@" + host + ":" + port + "/" + database;
  }
}
