package dev.anabranch.server.webhook;

import static dev.anabranch.server.watch.WatchedClock.NAME;
import static dev.anabranch.server.watch.WatchedClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Lsn;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.NextFlip.How;
import dev.anabranch.server.watch.WatchedClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is new to somebody who was told which answers do not hold. */
class TellingTest {

  private static final List<Judged> HOLDS = WatchedClock.report("holds").verdicts();
  private static final List<Judged> TURNED = WatchedClock.report("turned").verdicts();

  @Test
  void anAnswerThatStopsToHoldIsTold() {
    assertThat(Telling.of(Set.of(), TURNED)).isEqualTo(new Telling(TURNED, Set.of(1L)));
    assertThat(Telling.of(Set.of(1L), HOLDS)).isEqualTo(new Telling(HOLDS, Set.of()));
  }

  @Test
  void whatIsKnownIsNotToldAgain() {
    assertThat(Telling.of(Set.of(1L), TURNED).message(NAME, Lsn.ZERO, START)).isEmpty();
    assertThat(Telling.of(Set.of(), HOLDS).message(NAME, Lsn.ZERO, START)).isEmpty();
  }

  @Test
  void anAnswerThatIsGoneIsForgotten() {
    assertThat(Telling.of(Set.of(1L, 7L), TURNED)).isEqualTo(new Telling(List.of(), Set.of(1L)));
  }

  @Test
  void aMessageHasNoRowsAndAnEnd() {
    assertThat(Telling.of(Set.of(), TURNED).message(NAME, new Lsn(0x51F8), START))
        .contains(
            "{\"type\":\"answers.turned\",\"branch\":\"clock\","
                + "\"timestamp\":\"2026-11-20T10:00:00Z\",\"asOf\":\"0/51F8\",\"broken\":1,"
                + "\"answers\":[{\"id\":1,\"sql\":\"SELECT count(*) FROM t WHERE due > now()\","
                + "\"holds\":false,\"verdict\":\"undecided\",\"reason\":\"turned\"}],\"more\":0}");
    List<NextFlip> flips = new ArrayList<>();
    for (int i = 0; i < Telling.MOST_TOLD + 3; i++) {
      flips.add(new NextFlip(START, How.FOUND));
    }
    Telling many =
        Telling.of(
            Set.of(), WatchedClock.report("turned", flips.toArray(NextFlip[]::new)).verdicts());
    assertThat(many.message(NAME, Lsn.ZERO, START).orElseThrow()).endsWith("],\"more\":3}");
    assertThat(many.broken()).hasSize(Telling.MOST_TOLD + 3);
  }
}
