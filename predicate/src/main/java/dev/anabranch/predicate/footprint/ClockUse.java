package dev.anabranch.predicate.footprint;

import java.util.List;

/** How an answer moves with the clock while the rows that it reads stay as they are. */
public sealed interface ClockUse {

  /** With the day in its session's time zone, and with nothing else. */
  record ByDay() implements ClockUse {}

  /**
   * With what comes of comparing rows with the clock.
   *
   * @param turns all such comparisons in the statement
   * @param byDay whether the day has a part in it beside them
   */
  record ByRows(List<Turn> turns, boolean byDay) implements ClockUse {
    public ByRows {
      turns = List.copyOf(turns);
    }
  }

  /** In a way that is not understood: it may be another at any moment. */
  record Anytime(String why) implements ClockUse {}

  /** Not at all, most likely: a text in it may be a moment, and nothing there reads it as one. */
  record Suspected(String why) implements ClockUse {}
}
