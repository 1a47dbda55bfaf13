package dev.anabranch.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that choose among many answers. The server says what is wrong with them. */
final class Selection {

  @Option(names = "--limit", paramLabel = "N", description = "Show so many answers at most.")
  private Optional<String> limit = Optional.empty();

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Go on after the page that gave this cursor.")
  private Optional<String> cursor = Optional.empty();

  boolean isGiven() {
    return limit.isPresent() || cursor.isPresent();
  }

  boolean isFirstPage() {
    return cursor.isEmpty();
  }

  /** What goes into the query of a request. */
  List<String> parameters(Optional<String> usualLimit) {
    List<String> parameters = new ArrayList<>();
    limit.or(() -> usualLimit).ifPresent(n -> parameters.add(parameter("limit", n)));
    cursor.ifPresent(c -> parameters.add(parameter("cursor", c)));
    return parameters;
  }

  /** What shows the page after this one. */
  String next(String command, String nextCursor) {
    return command + limit.map(n -> " --limit " + n).orElse("") + " --cursor " + nextCursor;
  }

  static String parameter(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** A path with its query. */
  static String path(String path, List<String> parameters) {
    return parameters.isEmpty() ? path : path + "?" + String.join("&", parameters);
  }
}
