package dev.anabranch.web;

import java.util.regex.Pattern;

/** A sentence of the API's as a page says it: what to type in a terminal is left out. */
final class PageSentence {

  /** Where a part of a sentence ends, outside of what is quoted. */
  private static final Pattern BETWEEN = Pattern.compile("(?<=[.;:])\\s+(?=[^'\"]*$|\\p{Alpha}|`)");

  private static final Pattern IN_THE_DOCS = Pattern.compile("\\s*\\((?:see )?docs/[^)]*\\)");
  private static final String COMMAND = "`anabranch ";

  private PageSentence() {}

  static String of(String told) {
    StringBuilder said = new StringBuilder();
    for (String part : BETWEEN.split(IN_THE_DOCS.matcher(told).replaceAll(""))) {
      if (!part.contains(COMMAND)) {
        said.append(said.isEmpty() ? "" : " ").append(part);
      }
    }
    if (said.isEmpty()) {
      return told;
    }
    char last = said.charAt(said.length() - 1);
    if (last == ':' || last == ';' || last == ',') {
      said.setCharAt(said.length() - 1, '.');
    }
    return said.toString();
  }
}
