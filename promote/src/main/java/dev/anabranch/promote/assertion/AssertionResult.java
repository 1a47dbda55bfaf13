package dev.anabranch.promote.assertion;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of one check of the user's own.
 *
 * @param name the check
 * @param outcome {@code passed}, {@code failed} (it returned rows), {@code error} (it could not be
 *     told, for an error or for want of time), {@code skipped} (somebody named it), or {@code not
 *     run} (nothing would be written, or main had refused before)
 * @param millis how long it took
 * @param columns of its rows, none when it passed
 * @param rows the first rows that it returned, as Postgres's text
 * @param more whether it returned more than these
 * @param sentence what to know beside that
 */
public record AssertionResult(
    String name,
    String outcome,
    long millis,
    List<String> columns,
    List<List<@Nullable String>> rows,
    boolean more,
    String sentence) {

  public AssertionResult {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** It returned no row. */
  public static AssertionResult passed(String name, long millis) {
    return new AssertionResult(name, "passed", millis, List.of(), List.of(), false, "");
  }

  /** It returned rows. */
  public static AssertionResult failed(
      String name,
      long millis,
      List<String> columns,
      List<List<@Nullable String>> rows,
      boolean more) {
    return new AssertionResult(name, "failed", millis, columns, rows, more, "");
  }

  /** It ended otherwise than with rows or none. */
  public static AssertionResult error(String name, long millis, String sentence) {
    return new AssertionResult(name, "error", millis, List.of(), List.of(), false, sentence);
  }

  static AssertionResult skipped(String name) {
    return new AssertionResult(name, "skipped", 0, List.of(), List.of(), false, "");
  }

  static AssertionResult notRun(String name) {
    return new AssertionResult(name, "not run", 0, List.of(), List.of(), false, "");
  }

  /** Whether nothing may land because of it. */
  public boolean stops() {
    return outcome.equals("failed") || outcome.equals("error");
  }
}
