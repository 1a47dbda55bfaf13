package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.match.Condition;
import java.util.List;
import java.util.Optional;

/** What an answer depends on. Never too small. */
public sealed interface Footprint {

  /**
   * A function of these tables' rows and of nothing else.
   *
   * @param rule how the answer follows from the one that was given and from changed rows, where
   *     that is known; then there is one occurrence
   */
  record Reads(List<Occurrence> occurrences, Traits traits, Optional<Rule> rule)
      implements Footprint {
    public Reads {
      occurrences = List.copyOf(occurrences);
    }
  }

  /**
   * Repeatable, but what it reads is not fully known: only asking again tells.
   *
   * @param words what its own words read, where all else that it reads are rows that refer by
   *     foreign keys to those that it removes or renames
   */
  record AlwaysRerun(String why, Traits traits, Optional<Reads> words) implements Footprint {
    AlwaysRerun(String why, Traits traits) {
      this(why, traits, Optional.empty());
    }
  }

  /**
   * An INSERT of given values: what came back is the branch's own write. It rests on nothing of
   * main.
   *
   * @param repeatable false when it draws from a sequence or another volatile source
   * @param given what each row that it writes is, in the columns whose values it was given
   */
  record OwnWrite(boolean repeatable, Traits traits, Condition given) implements Footprint {}

  /**
   * It reads no table of the user's and runs no code of the user's, whatever built-in routines it
   * calls: clocks, sequences, advisory locks, notifications, settings, random values, catalogs,
   * statistics. It is no answer about main's data, and no work rests on it.
   */
  record NotOfData() implements Footprint {}

  /**
   * Asking again proves nothing: volatile, outside the database, or not to be analysed.
   *
   * @param beyondLog what it writes that is not read from a log, as a clause
   * @param outside whether it may be another although main's rows and definitions are the same
   */
  record Unanswerable(String why, Optional<String> beyondLog, boolean outside)
      implements Footprint {
    public Unanswerable(String why) {
      this(why, Optional.empty(), false);
    }
  }
}
