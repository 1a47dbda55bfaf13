package dev.anabranch.server.watch;

import static dev.anabranch.server.watch.WatchedClock.NAME;
import static dev.anabranch.server.watch.WatchedClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who watches a branch is told what the clock alone makes of it. */
class WatchesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void anAnswerThatTurnsByItselfIsTold() throws InterruptedException {
    Instant flip = START.plusSeconds(3600);
    WatchedClock branch = new WatchedClock(flip);
    try (Watches watches = new Watches(branch, branch);
        Listener listener = watches.listen(NAME, () -> true)) {
      assertThat(next(listener))
          .contains(
              new News.Whole(WatchedClock.report("holds", new NextFlip(flip, NextFlip.How.FOUND))));
      branch.set(flip.minusMillis(1));
      int looks = branch.looks.get();
      Await.until("it has looked at the clock", () -> branch.looks.get() > looks + 2, PATIENCE);
      assertThat(branch.checks).hasValue(1);

      branch.set(flip);
      CheckReport turned = WatchedClock.report("turned");
      assertThat(next(listener))
          .contains(new News.Flips(turned.verdicts(), turned.asOf(), turned.counts()));
      assertThat(branch.checks).hasValue(2);
    }
  }

  private static Optional<News> next(Listener listener) throws InterruptedException {
    return listener.next(PATIENCE);
  }
}
