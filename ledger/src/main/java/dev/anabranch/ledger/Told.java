package dev.anabranch.ledger;

import java.util.Set;

/** What an {@link Answer} told its client. */
public enum Told {
  /** What data there is: the rows. */
  ROWS,

  /**
   * That something was written: rows of a RETURNING, else the count in its command tag. What was
   * written is in the branch's log, in the unit of its transaction.
   */
  EFFECT,

  /** That it can't be done, for a reason that may lie in the data: its SQLSTATE. */
  REFUSAL;

  /** How the tag of a refusal begins, before its SQLSTATE. */
  public static final String ERROR = "ERROR ";

  /** How the tag of rows copied out begins, before their number: Postgres says COPY for both. */
  public static final String COPY_TO = "COPY TO ";

  /** How the tag of rows copied in begins, before their number. */
  public static final String COPY_FROM = "COPY FROM ";

  /** The tag of what looks at constraints that were put off, or puts them off. */
  public static final String SET_CONSTRAINTS = "SET CONSTRAINTS";

  /** EXPLAIN is an answer only where it ran a statement that may write (ANALYZE). */
  private static final Set<String> EFFECTS =
      Set.of("INSERT", "UPDATE", "DELETE", "MERGE", "DO", "CALL", "EXPLAIN");

  /** What an answer with this tag told. */
  public static Told by(String commandTag) {
    if (commandTag.startsWith(ERROR)) {
      return REFUSAL;
    }
    int space = commandTag.indexOf(' ');
    String command = space < 0 ? commandTag : commandTag.substring(0, space);
    return EFFECTS.contains(command)
            || commandTag.startsWith(COPY_FROM)
            || commandTag.equals(SET_CONSTRAINTS)
        ? EFFECT
        : ROWS;
  }
}
