package dev.anabranch.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who waits for the turn of a check gets it, or gives it up. */
class RunningChecksTest {

  private static final BranchId ALICE = new BranchId(1);
  private static final BranchId BOB = new BranchId(2);

  @Test
  void theNextBeginsWhenTheOneBeforeHasEnded() {
    try (RunningChecks checks = new RunningChecks()) {
      CompletableFuture<RunningChecks.Run> next;
      try (RunningChecks.Run first = checks.begin(ALICE, Duration.ZERO);
          RunningChecks.Run other = checks.begin(BOB, Duration.ZERO)) {
        next = CompletableFuture.supplyAsync(() -> checks.begin(ALICE, Duration.ZERO));
        first.step();
        other.step();
        assertThat(next).isNotDone();
      }
      next.join().close();
    }
  }

  @Test
  void whoHasGoneGivesUpTheTurn() {
    AtomicBoolean there = new AtomicBoolean(true);
    Caller caller = there::get;
    try (RunningChecks checks = new RunningChecks();
        RunningChecks.Run first = checks.begin(ALICE, Duration.ZERO)) {
      CompletableFuture<RunningChecks.Run> next =
          CompletableFuture.supplyAsync(() ->
              ScopedValue.where(Caller.CURRENT, caller)
                  .call(() -> checks.begin(ALICE, Duration.ZERO)));
      there.set(false);
      assertThatThrownBy(next::join)
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("nobody waits for it any more");
      first.step();
    }
  }

  @Test
  void theEndOfTheServerEndsTheWait() {
    RunningChecks checks = new RunningChecks();
    RunningChecks.Run first = checks.begin(ALICE, Duration.ZERO);
    CompletableFuture<RunningChecks.Run> next =
        CompletableFuture.supplyAsync(() -> checks.begin(ALICE, Duration.ZERO));
    CompletableFuture<Void> closing = CompletableFuture.runAsync(checks::close);
    assertThatThrownBy(next::join).hasMessageContaining("the server is ending");
    first.close();
    closing.join();
  }
}
