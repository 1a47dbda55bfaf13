package dev.anabranch.server.watch;

import static dev.anabranch.server.watch.WatchedClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When the clock alone is a reason to look at a branch again. */
class NextLookTest {

  private static final Duration QUICK = Duration.ofMillis(20);

  @Test
  void whatTheClockCantChangeIsNoReason() {
    assertThat(WatchedClock.report("holds").verdicts()).hasSize(1);
    assertThat(NextLook.after(WatchedClock.report("holds"), START, QUICK)).isEqualTo(NextLook.NONE);
  }

  @Test
  void theNearestFlipIs() {
    NextLook next = after(QUICK, found(90), found(30), found(60));
    assertThat(next.isDue(START.plusSeconds(30).minusNanos(1), false)).isFalse();
    assertThat(next.isDue(START.plusSeconds(30), false)).isTrue();
    assertThat(next.isDue(START.plusSeconds(30), true)).isTrue();
  }

  @Test
  void aFlipThatHasPassedWaitsForARest() {
    assertThat(after(QUICK, found(-5)).atFlip()).contains(START.plus(NextLook.REST));
    assertThat(after(Duration.ofSeconds(2), found(-5)).atFlip())
        .contains(START.plusSeconds(2 * NextLook.RESTS));
    assertThat(after(Duration.ofHours(1), found(-5)).atFlip())
        .contains(START.plus(NextLook.LONGEST));
    assertThat(after(Duration.ofSeconds(2), found(25)).atFlip()).contains(START.plusSeconds(25));
  }

  @Test
  void whatNobodyCanTellIsLookedAtOnceAMinuteWhileTheBranchIsAwake() {
    NextLook next = after(QUICK, new NextFlip(START, How.ANY_MOMENT));
    assertThat(next.isDue(START.plusSeconds(59), false)).isFalse();
    assertThat(next.isDue(START.plusSeconds(60), false)).isTrue();
    assertThat(next.isDue(START.plusSeconds(60), true)).isFalse();
  }

  @Test
  void whatIsOnlySuspectedIsNoReason() {
    assertThat(after(QUICK, new NextFlip(START, How.SUSPECTED))).isEqualTo(NextLook.NONE);
  }

  private static NextFlip found(int seconds) {
    return new NextFlip(START.plusSeconds(seconds), How.FOUND);
  }

  private static NextLook after(Duration took, NextFlip... flips) {
    Instant ended = START;
    return NextLook.after(WatchedClock.report("holds", flips), ended, took);
  }
}
