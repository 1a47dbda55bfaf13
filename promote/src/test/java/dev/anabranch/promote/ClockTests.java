package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.verdict.NextFlip.How;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Time that passes between a check and the commit that rests on it. */
@Tag("postgres")
final class ClockTests {

  /** Unit 1 rests on answer 5. */
  private static Fork shop() {
    Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE customers (id int PRIMARY KEY, city text)",
            "CREATE TABLE orders (id int PRIMARY KEY)",
            "INSERT INTO customers VALUES (1, 'Oslo')");
    fork.verdicts.rests(1, 5L).tables(5, fork.table("orders").id());
    fork.branch.unit(unit -> unit.update(fork.table("customers"), "1", "city", "Lima"));
    return fork;
  }

  @Test
  void whatStaysAsItIsForLongLands() {
    try (Fork fork = shop()) {
      fork.verdicts.holdsUntil(5, Instant.now().plusSeconds(3600), How.FOUND);
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.doubted()).isEmpty();
    }
  }

  @Test
  void whatIsAnotherEachTimeItWasCheckedIsHeld() {
    try (Fork fork = shop()) {
      fork.verdicts.holdsUntil(5, Instant.now().minusSeconds(1), How.FOUND);
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().sentence()).contains("time");
      fork.traps = Traps.of(Trap.CLOCK_STANDS_STILL);
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void whatTurnedOnceIsCheckedAgainAndLands() {
    try (Fork fork = shop()) {
      fork.verdicts.holdsUntil(5, Instant.now().minusSeconds(1), How.FOUND);
      AtomicInteger written = new AtomicInteger();
      fork.passing =
          moment -> {
            if (moment == Moment.BEGUN_STORED && written.incrementAndGet() == 1) {
              fork.verdicts.holdsUntil(5, Instant.now().plusSeconds(3600), How.FOUND);
            }
          };
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(written).hasValueGreaterThan(1);
    }
  }

  @Test
  void whatMayBeAnotherAtAnyMomentIsHeldAndCanBeAccepted() {
    try (Fork fork = shop()) {
      fork.verdicts.holdsUntil(5, Instant.now(), How.ANY_MOMENT);
      Promotion held = fork.promote();
      assertThat(held.outcome()).isEqualTo(Outcome.HELD);
      assertThat(held.facts().getFirst().sentence()).contains("at any moment");
      assertThat(fork.promote(false, false, 5L).outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void whatOnlyCodeMayReadIsNotHeld() {
    try (Fork fork = shop()) {
      fork.verdicts.holdsUntil(5, Instant.now(), How.SUSPECTED);
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
    }
  }
}
