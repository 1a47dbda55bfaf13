package dev.anabranch.server.watch;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is different between two checks of a branch. */
final class Flips {

  private Flips() {}

  /**
   * The verdicts of {@code now} that are new or others than they were; empty when some that there
   * were are not there any more, which can't be told one by one.
   */
  static Optional<List<CheckReport.Judged>> between(CheckReport before, CheckReport now) {
    Map<Long, CheckReport.Judged> earlier = new HashMap<>();
    before.verdicts().forEach(judged -> earlier.put(judged.answer().id(), judged));
    List<CheckReport.Judged> different =
        now.verdicts().stream()
            .filter(judged -> isOther(earlier.remove(judged.answer().id()), judged))
            .toList();
    return earlier.isEmpty() ? Optional.of(different) : Optional.empty();
  }

  /** The changed rows behind a verdict may be others while it says the same. */
  private static boolean isOther(CheckReport.@Nullable Judged before, CheckReport.Judged now) {
    return before == null
        || isOther(before.verdict(), now.verdict())
        || !flip(before).equals(flip(now));
  }

  private static boolean isOther(Verdict before, Verdict now) {
    return !before.word().equals(now.word())
        || before.proof() != now.proof()
        || !before.reason().equals(now.reason())
        || !rows(before).equals(rows(now));
  }

  /** Where nobody can tell, it is the moment of each check, which is no news. */
  private static Optional<NextFlip> flip(CheckReport.Judged judged) {
    return judged.nextFlip().filter(flip -> flip.how() == How.FOUND);
  }

  private static Optional<List<List<@Nullable String>>> rows(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Holds holds -> Optional.empty();
      case Verdict.Changed changed -> changed.now();
      case Verdict.Undecided undecided -> Optional.empty();
    };
  }
}
