package dev.anabranch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Reads {@code FACT=CHOICE} as a person types it. */
final class Decide {

  /** A fact, its state as it was seen, a column of its row, the choice, and a value. */
  private static final Pattern TYPED =
      Pattern.compile(
          "([^@.=]+)(?:@([0-9a-f]+))?(?:\\.([^=]+))?=([a-z]+)(?::(.*))?", Pattern.DOTALL);

  private Decide() {}

  /** What the server is asked for. */
  static Map<String, Object> read(String typed) {
    Matcher matcher = TYPED.matcher(typed);
    if (!matcher.matches()) {
      throw wrong(typed);
    }
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("fact", matcher.group(1));
    if (matcher.group(2) != null) {
      asked.put("state", matcher.group(2));
    }
    if (matcher.group(3) != null) {
      asked.put("column", matcher.group(3));
    }
    asked.put("choice", matcher.group(4));
    if (matcher.group(5) != null) {
      asked.put("value", value(typed, matcher.group(3) != null, matcher.group(5)));
    }
    return asked;
  }

  private static Object value(String typed, boolean ofOneColumn, String text) {
    if (ofOneColumn) {
      return text;
    }
    try {
      return ServerClient.JSON.readTree(text);
    } catch (JacksonException e) {
      throw wrong(typed);
    }
  }

  private static CommandFailure wrong(String typed) {
    return new CommandFailure(
        Exit.USAGE,
        "'"
            + typed
            + "' is no decision: say FACT=CHOICE, such as 3fa9c1d2e4=main, 3fa9c1d2e4.qty=branch,"
            + " 3fa9c1d2e4=value:{\"qty\":\"7\"} or task:5be0c1d2e4=drop.");
  }
}
