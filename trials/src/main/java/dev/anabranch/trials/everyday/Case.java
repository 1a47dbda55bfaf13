package dev.anabranch.trials.everyday;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One habit of programs.
 *
 * @param number unique
 * @param kind what it is an example of
 * @param statements in order
 */
record Case(int number, String kind, List<Said> statements) {

  /** A statement and the texts of its parameters. */
  record Said(String sql, List<String> parameters) {}

  /** The kind of cases that read what main changes. */
  static final String MOVED = "moved";

  private static final Pattern PARAMETERS = Pattern.compile("^\\(((?:\\{[^}]*}|[^)])*)\\) (.*)$");

  Case {
    statements = List.copyOf(statements);
  }

  boolean moved() {
    return kind.equals(MOVED);
  }

  /** Reads {@code kind: statement ;; statement} lines; others that begin with # are comments. */
  static List<Case> read(List<String> lines, String schema) {
    List<Case> cases = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int colon = line.indexOf(": ");
        cases.add(
            new Case(
                cases.size() + 1,
                line.substring(0, colon),
                Arrays.stream(line.substring(colon + 2).split(" ;; "))
                    .map(statement -> said(statement.replace("${S}", schema)))
                    .toList()));
      }
    }
    return cases;
  }

  private static Said said(String statement) {
    Matcher matcher = PARAMETERS.matcher(statement);
    return matcher.matches() && matcher.group(2).contains("?::")
        ? new Said(matcher.group(2), List.of(matcher.group(1)))
        : new Said(statement, List.of());
  }
}
