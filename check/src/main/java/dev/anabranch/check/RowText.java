package dev.anabranch.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row as Postgres writes one: {@code (a,"b, ""c""",)}, where nothing at all is NULL. */
final class RowText {

  private RowText() {}

  static List<@Nullable String> parse(String text) {
    List<@Nullable String> values = new ArrayList<>();
    StringBuilder value = new StringBuilder();
    boolean quoted = false;
    boolean present = false;
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean last = i == text.length() - 1;
      if (quoted && (c == '\\' || (c == '"' && text.charAt(i + 1) == '"'))) {
        value.append(text.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        present = true;
      } else if (!quoted && (c == ',' || (last && c == ')'))) {
        values.add(present ? value.toString() : null);
        value.setLength(0);
        present = false;
      } else {
        value.append(c);
        present = true;
      }
    }
    return values;
  }
}
