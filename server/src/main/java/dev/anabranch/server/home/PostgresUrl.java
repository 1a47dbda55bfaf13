package dev.anabranch.server.home;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A {@code postgres://} URL taken apart for JDBC.
 *
 * @param jdbcUrl without user and password
 * @param user if one is named
 * @param password if one is given
 */
public record PostgresUrl(String jdbcUrl, Optional<String> user, Optional<String> password) {

  private static final int DEFAULT_PORT = 5432;

  public static PostgresUrl parse(String text) {
    URI uri = URI.create(text);
    String[] userInfo = Optional.ofNullable(uri.getRawUserInfo()).orElse("").split(":", 2);
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new PostgresUrl(
        "jdbc:postgresql://" + uri.getHost() + ":" + port + uri.getRawPath() + query,
        decoded(userInfo[0]),
        userInfo.length > 1 ? decoded(userInfo[1]) : Optional.empty());
  }

  private static Optional<String> decoded(String text) {
    return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8)).filter(t -> !t.isEmpty());
  }
}
