package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Crashes between the steps of an undoing: afterwards all was undone once, or nothing was. */
@Tag("postgres")
final class UndoCrashTests {

  private static final class Crash extends Error {
    private static final long serialVersionUID = 1;
  }

  private static Fork counters() {
    Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE counters (id int PRIMARY KEY, n int)",
            "CREATE TABLE log (n int)",
            "INSERT INTO counters VALUES (1, 10)");
    fork.branch.unit(unit ->
        unit.update(fork.table("counters"), "1", "n", "11").insert(fork.table("log"), "11"));
    return fork;
  }

  private static final String STATE =
      "SELECT n, (SELECT count(*) FROM log) FROM counters ORDER BY id";

  @ParameterizedTest
  @EnumSource(value = Moment.class, mode = EnumSource.Mode.EXCLUDE, names = "LOOKED")
  void isUndoneExactlyOnceWhateverStepACrashFollows(Moment moment) {
    try (Fork fork = counters()) {
      String promotion = fork.promote().receipt();
      crashAt(fork, moment, () -> fork.undo(promotion));
      boolean onMain = fork.ask(STATE).equals(List.of("10|0"));
      assertThat(onMain)
          .isEqualTo(moment == Moment.COMMITTED_ON_MAIN || moment == Moment.LANDED_STORED);

      fork.promoter().recover();
      assertThat(fork.ask(STATE)).containsExactly(onMain ? "10|0" : "11|1");
      if (onMain) {
        assertThatThrownBy(() -> fork.undo(promotion))
            .isInstanceOfSatisfying(
                AnabranchException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDO_TWICE));
      } else {
        assertThat(fork.undo(promotion).outcome()).isEqualTo(Outcome.LANDED);
      }
      assertThat(fork.ask(STATE)).containsExactly("10|0");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.NOTHING);
      String undoing = fork.promotions.undoings().takenBack(promotion).by().getLast();
      assertThat(fork.undo(undoing).outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask(STATE)).containsExactly("11|1");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Moment.class, mode = EnumSource.Mode.EXCLUDE, names = "LOOKED")
  void whatACrashedPromotionWroteIsKeptIfItLandedAndForgottenIfNot(Moment moment) {
    try (Fork fork = counters()) {
      crashAt(fork, moment, fork::promote);
      boolean onMain = fork.ask(STATE).equals(List.of("11|1"));
      fork.promoter().recover();
      String id = fork.newestPromotion();
      assertThat(fork.promotions.written().of(id, Set.of(1L))).hasSize(onMain ? 2 : 0);
      if (onMain) {
        assertThat(fork.undo(id).outcome()).isEqualTo(Outcome.LANDED);
        assertThat(fork.ask(STATE)).containsExactly("10|0");
      } else {
        assertThat(fork.ask(STATE)).containsExactly("10|0");
      }
    }
  }

  @Test
  void aConnectionLostAtTheCommitIsAskedAboutAndTheWorkIsUndoneOnce() {
    try (Fork fork = counters()) {
      String promotion = fork.promote().receipt();
      AtomicInteger times = new AtomicInteger();
      fork.passing =
          moment -> {
            if (moment == Moment.INTENT_STORED && times.getAndIncrement() == 0) {
              fork.main(
                  "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                      + " WHERE datname = current_database() AND state = 'idle in transaction'");
            }
          };
      assertThat(fork.undo(promotion).outcome()).isEqualTo(Outcome.LANDED);
      assertThat(times).hasValue(2);
      assertThat(fork.ask(STATE)).containsExactly("10|0");
    }
  }

  private static void crashAt(Fork fork, Moment moment, ThrowingCallable work) {
    fork.passing =
        passed -> {
          if (passed == moment) {
            throw new Crash();
          }
        };
    assertThatThrownBy(work).isInstanceOf(Crash.class);
    fork.passing = passed -> {};
  }
}
