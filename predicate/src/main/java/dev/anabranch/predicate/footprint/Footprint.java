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
   * @param words what its own words read, where those can be read
   */
  record AlwaysRerun(String why, Traits traits, Optional<Words> words) implements Footprint {
    AlwaysRerun(String why, Traits traits) {
      this(why, traits, Optional.empty());
    }

    /** What its words read, where all else that it reads is {@link Besides#REFERRING_ROWS}. */
    public Optional<Reads> besidesReferringRows() {
      return words.filter(read -> read.besides() == Besides.REFERRING_ROWS).map(Words::reads);
    }
  }

  /**
   * What a statement's own words read.
   *
   * @param besides what it reads that they do not say
   */
  record Words(Reads reads, Besides besides) {}

  /** What a statement reads that its words do not say. */
  enum Besides {
    /** Rows that refer by foreign keys to those that it removes or renames. */
    REFERRING_ROWS,

    /** What triggers of the tables that it writes to read. */
    READ_BY_TRIGGERS,

    /** What routines of the user's that it calls read. */
    READ_BY_ROUTINES
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
