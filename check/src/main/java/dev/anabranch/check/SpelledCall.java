package dev.anabranch.check;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code CALL} with its parameters written out. Postgres prepares no CALL by words, so that
 * parameters can't be given to it as to other statements. Only what drivers make of a call is
 * spelled: a name and a plain list of parameters, numbers and strings; anything else is left alone.
 */
final class SpelledCall {

  /** One that lies in no other, nor has one in it. */
  private static final String COMMENT = "/\\*(?:[^*/]|\\*(?!/)|/(?!\\*))*\\*/|--[^\\n]*(?:\\n|$)";

  private static final String SPACE = "(?:\\s|" + COMMENT + ")*";
  private static final String NAME = "(?:[\\w.]|\"[^\"]+\")+";
  private static final String VALUE =
      "(?:\\$\\d+|-?\\d+(?:\\.\\d+)?|'[^'\\\\]*'|null|true|false)(?:::[\\w.\"\\[\\] ]+)?";
  private static final String ARGUMENT = "\\s*(?:" + NAME + "\\s*=>\\s*)?" + VALUE + "\\s*";

  private static final Pattern CALL =
      Pattern.compile(
          SPACE
              + "call\\s+"
              + NAME
              + "\\s*\\("
              + ARGUMENT
              + "(?:,"
              + ARGUMENT
              + ")*\\)\\s*;?"
              + SPACE,
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

  /** A comment or a string is passed over whole, whatever is in it. */
  private static final Pattern PARAMETER =
      Pattern.compile(COMMENT + "|'[^']*'|\"[^\"]*\"|\\$(?<number>\\d+)");

  private SpelledCall() {}

  /**
   * @param values what stands for {@code $1}, {@code $2} and so on, as SQL reads it
   * @return empty where the statement is more than a call with plain values
   */
  static Optional<String> of(String sql, List<String> values) {
    if (!CALL.matcher(sql).matches()) {
      return Optional.empty();
    }
    StringBuilder spelled = new StringBuilder();
    Matcher part = PARAMETER.matcher(sql);
    while (part.find()) {
      String number = part.group("number");
      int place = number == null ? 0 : Integer.parseInt(number);
      if (number != null && (place < 1 || place > values.size())) {
        return Optional.empty();
      }
      part.appendReplacement(
          spelled, Matcher.quoteReplacement(number == null ? part.group() : values.get(place - 1)));
    }
    part.appendTail(spelled);
    return Optional.of(spelled.toString());
  }
}
