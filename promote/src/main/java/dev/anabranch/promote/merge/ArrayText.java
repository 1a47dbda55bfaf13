package dev.anabranch.promote.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One-dimensional arrays as Postgres writes them. */
final class ArrayText {

  private static final String SPACES = " \t\n\r\u000b\f";
  private static final String MARKS = "{}\",\\" + SPACES;

  private ArrayText() {}

  /** The elements; empty for more dimensions, other bounds, NULL elements, or what is no array. */
  static Optional<List<String>> read(String text) {
    if (!text.startsWith("{") || !text.endsWith("}") || text.length() < 2) {
      return Optional.empty();
    }
    List<String> elements = new ArrayList<>();
    int end = text.length() - 1;
    int at = 1;
    while (at < end) {
      StringBuilder element = new StringBuilder();
      boolean quoted = text.charAt(at) == '"';
      at += quoted ? 1 : 0;
      while (at < end && text.charAt(at) != (quoted ? '"' : ',')) {
        char character = text.charAt(at);
        if (!quoted && MARKS.indexOf(character) >= 0) {
          return Optional.empty();
        }
        at += character == '\\' ? 1 : 0;
        element.append(text.charAt(at));
        at++;
      }
      at += quoted ? 1 : 0;
      boolean goesOn = at < end && text.charAt(at) == ',';
      boolean isNull = !quoted && element.toString().equalsIgnoreCase("NULL");
      if (isNull || (!quoted && element.isEmpty()) || at > end || (at < end && !goesOn)) {
        return Optional.empty();
      }
      elements.add(element.toString());
      at += goesOn ? 1 : 0;
      if (goesOn && at == end) {
        return Optional.empty();
      }
    }
    return Optional.of(elements);
  }

  static String write(Iterable<String> elements) {
    StringBuilder text = new StringBuilder("{");
    for (String element : elements) {
      text.append(text.length() == 1 ? "" : ",").append(quoted(element));
    }
    return text.append('}').toString();
  }

  private static String quoted(String element) {
    boolean plain =
        !element.isEmpty()
            && !element.equalsIgnoreCase("NULL")
            && element.chars().noneMatch(character -> MARKS.indexOf(character) >= 0);
    return plain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
