package dev.anabranch.promote.apply;

import dev.anabranch.base.Lsn;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Rejection;
import java.util.List;
import java.util.Set;

/** How one attempt to write a plan on main ended. */
public sealed interface Attempt {

  /**
   * Main has acknowledged the commit.
   *
   * @param at a position of main's WAL that the commit is at or below
   * @param numbered what was written
   * @param fenced whether nobody else could write what was read, from the last look at it on
   */
  record Committed(Lsn at, Numbered numbered, boolean fenced) implements Attempt {}

  /** Nothing was written: main is not as planned any more. A new plan may succeed. */
  record Moved(String why) implements Attempt {}

  /** Nothing was written: a transaction of main has locked what it would write, and goes on. */
  record Locked(String why) implements Attempt {}

  /** Nothing was written: main's constraints refuse these rows. */
  record Refused(List<Rejection> rejections) implements Attempt {
    public Refused {
      rejections = List.copyOf(rejections);
    }
  }

  /** Nothing was written: these answers are in doubt, since main has changed what they read. */
  record InDoubt(Set<Long> answers) implements Attempt {
    public InDoubt {
      answers = Set.copyOf(answers);
    }
  }

  /** Nothing was written: main defines something otherwise than at the check. */
  record Redefined() implements Attempt {}

  /** Nothing was written: a check of the user's is not met by what main would be then. */
  record Unmet() implements Attempt {}

  /** The connection was lost while committing; main knows how it ended, by the transaction's id. */
  record Unknown(String why) implements Attempt {}
}
