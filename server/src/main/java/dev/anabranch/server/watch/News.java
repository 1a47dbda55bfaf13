package dev.anabranch.server.watch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport;
import java.util.List;

/** What a listener is told next. */
public sealed interface News {

  /** Every verdict: the first that a listener gets, and the next where it has missed some. */
  record Whole(CheckReport report) implements News {}

  /**
   * The verdicts that are others than those told before; none where only the position has moved.
   *
   * @param asOf every verdict, told now or before, is true as of this position
   */
  record Flips(List<CheckReport.Judged> judged, Lsn asOf, CheckReport.Counts counts)
      implements News {
    public Flips {
      judged = List.copyOf(judged);
    }
  }

  /** No check could be made for a while; it is tried again. */
  record Failed(AnabranchException why) implements News {}

  /** The branch's life is over, and nothing comes after this. */
  record Ended(String why) implements News {}

  /** The listener was closed, and nothing comes after this. */
  record Silence() implements News {}
}
