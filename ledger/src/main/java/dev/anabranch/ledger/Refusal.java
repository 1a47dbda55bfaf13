package dev.anabranch.ledger;

import java.util.Optional;

/**
 * Why a statement was refused, as far as it is kept: two refusals with one SQLSTATE may have
 * different reasons in the data.
 *
 * @param sqlState five characters
 * @param detail the constraint or column that Postgres names, or the first line of a message that
 *     is the user's own; empty where neither was given, and in entries of earlier versions
 */
public record Refusal(String sqlState, Optional<String> detail) {

  private static final int STATE_LENGTH = 5;
  private static final int MESSAGE_LIMIT = 200;

  /**
   * @param message Postgres's primary message
   * @param subject the constraint or column that it names, or empty
   */
  public static Refusal of(String sqlState, String message, String subject) {
    String detail =
        sqlState.startsWith("P0") ? firstLine(message) : sqlState.startsWith("23") ? subject : "";
    return new Refusal(sqlState, Optional.of(detail).filter(text -> !text.isEmpty()));
  }

  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.codePointCount(0, line.length()) <= MESSAGE_LIMIT
        ? line
        : line.substring(0, line.offsetByCodePoints(0, MESSAGE_LIMIT));
  }

  /** What an answer with this tag was told. */
  public static Refusal parse(String tag) {
    String text = tag.substring(Told.ERROR.length());
    return text.length() > STATE_LENGTH
        ? new Refusal(
            text.substring(0, STATE_LENGTH), Optional.of(text.substring(STATE_LENGTH + 1)))
        : new Refusal(text, Optional.empty());
  }

  /** Its form in the place of a command tag. */
  public String tag() {
    return Told.ERROR + words();
  }

  /** As people read it: the SQLSTATE and the detail. */
  public String words() {
    return sqlState + detail.map(text -> " " + text).orElse("");
  }

  /** Whether the reason is one in the user's own words, and these are not known. */
  public boolean isUntold() {
    return sqlState.startsWith("P0") && detail.isEmpty();
  }
}
