package dev.anabranch.server.watch;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a branch is to be looked at again although nothing has moved: the clock alone can make an
 * answer another.
 *
 * <p>A window that moves over many rows turns an answer over many times in a second, and each look
 * asks Postgres again. So looks that the clock alone is the reason for rest between each other, for
 * longer where they take long. One that comes after a pause is made when its moment is there.
 *
 * @param atFlip when an answer is known to turn, at the earliest
 * @param anyway where nobody can tell when an answer turns
 */
record NextLook(Optional<Instant> atFlip, Optional<Instant> anyway) {

  /** Before the first look there is none to come. */
  static final NextLook NONE = new NextLook(Optional.empty(), Optional.empty());

  /** After the last look, at the least. */
  static final Duration REST = Duration.ofSeconds(1);

  /** And as long as that look took, so many times. */
  static final int RESTS = 9;

  /** After the last look, where nobody can tell; and nothing rests for longer. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * What is only suspected of reading the clock is no reason to look: any code of the user's is.
   *
   * @param report what the last look found
   * @param ended when that ended
   * @param took how long it took
   */
  static NextLook after(CheckReport report, Instant ended, Duration took) {
    Duration rest = took.multipliedBy(RESTS);
    rest = rest.compareTo(REST) < 0 ? REST : rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
    Instant rested = ended.plus(rest);
    return new NextLook(
        moments(report, How.FOUND)
            .min(Comparator.naturalOrder())
            .map(flip -> flip.isAfter(rested) ? flip : rested),
        moments(report, How.ANY_MOMENT).findAny().map(ignored -> ended.plus(LONGEST)));
  }

  private static Stream<Instant> moments(CheckReport report, How how) {
    return report.verdicts().stream()
        .flatMap(judged -> judged.nextFlip().stream())
        .filter(flip -> flip.how() == how)
        .map(NextFlip::at);
  }

  /**
   * @param sleeper whether it would wake the branch: that is worth it where an answer is known to
   *     turn
   */
  boolean isDue(Instant now, boolean sleeper) {
    return has(atFlip, now) || (!sleeper && has(anyway, now));
  }

  private static boolean has(Optional<Instant> moment, Instant now) {
    return moment.filter(at -> !now.isBefore(at)).isPresent();
  }
}
