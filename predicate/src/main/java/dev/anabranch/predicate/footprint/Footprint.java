package dev.anabranch.predicate.footprint;

import java.util.List;

/** What an answer depends on. Never too small. */
public sealed interface Footprint {

  /** A function of these tables' rows and of nothing else. */
  record Reads(List<Occurrence> occurrences, Traits traits) implements Footprint {
    public Reads {
      occurrences = List.copyOf(occurrences);
    }
  }

  /** Repeatable, but what it reads is not fully known: only asking again tells. */
  record AlwaysRerun(String why, Traits traits) implements Footprint {}

  /**
   * An INSERT of given values: what came back is the branch's own write. It rests on nothing of
   * main.
   *
   * @param repeatable false when it draws from a sequence or another volatile source
   */
  record OwnWrite(boolean repeatable, Traits traits) implements Footprint {}

  /**
   * It looks up definitions in the system catalogs, or the server's own state, as clients do when
   * they start, and reads none of the data, no sequence and no statistics of the data but the
   * planner's estimates in {@code pg_class}. It is no answer, and no work rests on it: what a unit
   * writes is held to main's definitions when it is promoted.
   */
  record CatalogsOnly() implements Footprint {}

  /** Asking again proves nothing: volatile, outside the database, or not to be analysed. */
  record Unanswerable(String why) implements Footprint {}
}
