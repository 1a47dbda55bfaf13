package dev.anabranch.branch.mirror;

import java.util.Map;
import java.util.stream.Collectors;

/** libpq's {@code keyword='value'} form of a connection. */
final class Conninfo {

  private Conninfo() {}

  static String text(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry ->
            entry.getKey()
                + "='"
                + entry.getValue().replace("\\", "\\\\").replace("'", "\\'")
                + "'")
        .collect(Collectors.joining(" "));
  }
}
