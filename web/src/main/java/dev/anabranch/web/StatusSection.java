package dev.anabranch.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A part of the server and how it is doing.
 *
 * @param name the part
 * @param lines what is known of it
 */
public record StatusSection(String name, List<Line> lines) {

  /**
   * @param name such as lag bytes
   * @param value as text
   */
  public record Line(String name, String value) {

    /** Whether somebody should look. */
    public boolean isTrouble() {
      return value.startsWith("since ") || value.equals("not connected");
    }
  }

  static List<StatusSection> of(JsonNode status) {
    List<StatusSection> sections = new ArrayList<>();
    status
        .properties()
        .forEach(section -> {
          List<Line> lines = new ArrayList<>();
          section
              .getValue()
              .properties()
              .forEach(line -> lines.add(new Line(words(line.getKey()), value(line.getValue()))));
          sections.add(new StatusSection(section.getKey(), lines));
        });
    return sections;
  }

  /** {@code lagBytes} as people say it. */
  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static String value(JsonNode value) {
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(part.asString("")));
      return parts.isEmpty() ? "none" : String.join(", ", parts);
    }
    if (value.isIntegralNumber()) {
      return PageTexts.number(value.asLong());
    }
    String text = value.isNull() ? "" : value.asString("");
    return text.isEmpty() ? "—" : text;
  }
}
