package dev.anabranch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads queries from files. */
final class OwnCheckFiles {

  private static final String ENDING = ".sql";

  private OwnCheckFiles() {}

  /** The checks of a directory, or the one of a file, each by the name of its file. */
  static List<Map<String, String>> read(String where) {
    Path path = Path.of(where);
    List<Map<String, String>> checks = new ArrayList<>();
    for (Path file : Files.isDirectory(path) ? files(path) : List.of(path)) {
      checks.add(Map.of("name", name(file), "sql", text(file)));
    }
    if (checks.isEmpty()) {
      throw new CommandFailure(
          Exit.USAGE, "There is no check in " + where + ": each is a file that ends in .sql.");
    }
    return checks;
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw unreadable(directory);
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file);
    }
  }

  private static CommandFailure unreadable(Path path) {
    return new CommandFailure(
        Exit.USAGE,
        path + " can't be read: give a file of SQL in UTF-8, or, as checks, a folder of them.");
  }
}
