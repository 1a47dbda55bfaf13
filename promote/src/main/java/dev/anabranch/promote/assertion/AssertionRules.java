package dev.anabranch.promote.assertion;

import java.time.Duration;

/**
 * How checks of the user's own are run.
 *
 * @param role the role on main that they are run as, which should be able to read and nothing else
 * @param limit how long one may take
 */
public record AssertionRules(String role, Duration limit) {

  /** What holds when nothing is said: Postgres's own role that may read every table. */
  public static final AssertionRules USUAL =
      new AssertionRules("pg_read_all_data", Duration.ofSeconds(10));
}
