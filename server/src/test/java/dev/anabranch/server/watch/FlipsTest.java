package dev.anabranch.server.watch;

import static dev.anabranch.server.watch.WatchedClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import org.junit.jupiter.api.Test;

/** What is told again, and what is no news. */
class FlipsTest {

  @Test
  void aVerdictThatIsAnotherIsTold() {
    CheckReport turned = WatchedClock.report("turned");
    assertThat(Flips.between(WatchedClock.report("holds"), turned)).contains(turned.verdicts());
  }

  @Test
  void theSameAnswerThatTurnsAtAnotherMomentIsTold() {
    CheckReport later = flips(How.FOUND, 2);
    assertThat(Flips.between(flips(How.FOUND, 1), later)).contains(later.verdicts());
    assertThat(Flips.between(flips(How.FOUND, 1), flips(How.FOUND, 1)).orElseThrow()).isEmpty();
  }

  @Test
  void theMomentOfEachCheckIsNoNews() {
    assertThat(Flips.between(flips(How.ANY_MOMENT, 1), flips(How.ANY_MOMENT, 2)).orElseThrow())
        .isEmpty();
    assertThat(Flips.between(flips(How.SUSPECTED, 1), flips(How.SUSPECTED, 2)).orElseThrow())
        .isEmpty();
  }

  private static CheckReport flips(How how, int seconds) {
    return WatchedClock.report("holds", new NextFlip(START.plusSeconds(seconds), how));
  }
}
