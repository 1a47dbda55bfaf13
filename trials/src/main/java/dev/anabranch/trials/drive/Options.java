package dev.anabranch.trials.drive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The words after a program's name: {@code --name value}, in any order. */
public record Options(Map<String, String> values) {

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException when a name lacks its value
   */
  public static Options of(String... arguments) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
        throw new IllegalArgumentException("expected --name value, not " + arguments[i]);
      }
      values.put(arguments[i].substring(2), arguments[i + 1]);
    }
    return new Options(Map.copyOf(values));
  }

  public long number(String name, long otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : Long.parseLong(value);
  }

  public String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /**
   * A directory that is given, or a new one which every user may pass through: Postgres may run as
   * another one.
   */
  public Path directory(String name, String prefix) throws IOException {
    String value = values.get(name);
    if (value != null) {
      return Path.of(value).toAbsolutePath();
    }
    Path made = Files.createTempDirectory(prefix);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    return made.resolve("data");
  }
}
