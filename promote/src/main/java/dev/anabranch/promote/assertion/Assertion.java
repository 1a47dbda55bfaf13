package dev.anabranch.promote.assertion;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.util.regex.Pattern;

/**
 * A check of the user's own: a query that must return no row.
 *
 * @param name what it is called, by which alone it can be skipped
 * @param sql one query that only reads
 */
public record Assertion(String name, String sql) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** The longest query, in characters. */
  private static final int LONGEST = 100_000;

  /**
   * @throws AnabranchException OWN_CHECK_NAME_INVALID, OWN_CHECK_INVALID
   */
  public Assertion {
    // Some editors begin a file with a mark of its byte order.
    sql = sql.startsWith("\uFEFF") ? sql.substring(1) : sql;
    if (!NAME.matcher(name).matches()) {
      throw new AnabranchException(ErrorCode.OWN_CHECK_NAME_INVALID, name);
    }
    if (sql.isBlank()) {
      throw new AnabranchException(ErrorCode.OWN_CHECK_INVALID, name, "it has no text");
    }
    if (sql.indexOf('\0') >= 0) {
      throw new AnabranchException(
          ErrorCode.OWN_CHECK_INVALID, name, "it has a NUL character, which Postgres can't take");
    }
    if (sql.length() > LONGEST) {
      throw new AnabranchException(
          ErrorCode.OWN_CHECK_INVALID, name, "it is longer than " + LONGEST + " characters");
    }
  }
}
