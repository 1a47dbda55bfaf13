package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.promote.BranchTurns.Purpose;
import dev.anabranch.promote.Promoter.Moment;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks, landings and who waits for whom. */
@Tag("postgres")
final class BranchTurnsTest {

  private static final BranchId BRANCH = new BranchId(7);
  private static final BranchId OTHER = new BranchId(8);

  private static final BranchName ALICE = new BranchName("alice");

  private final BranchTurns turns = new BranchTurns(Duration.ofMinutes(1));

  private void take(Purpose purpose) {
    turns.take(BRANCH, "alice", purpose);
  }

  private void assertBusy(Purpose purpose) {
    assertThatThrownBy(() -> take(purpose))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_BUSY));
  }

  /** Returns when it waits. */
  private static Thread waiting(Runnable work) {
    Thread thread = Thread.ofPlatform().name("waits for a turn").start(work);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertThat(thread.getState()).isNotEqualTo(Thread.State.TERMINATED);
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void besideWorkNobodyWaits() {
    take(Purpose.WORK);
    assertBusy(Purpose.WORK);
    assertBusy(Purpose.LOOK);
    assertThat(turns.takeIfFree(BRANCH)).isFalse();
    assertThat(turns.takeIfFree(OTHER)).isTrue();
    turns.giveBack(BRANCH);
    take(Purpose.LOOK);
    assertThat(turns.takeIfFree(BRANCH)).isFalse();
  }

  @Test
  void workThatWaitsForALookIsNextAndAlone() throws InterruptedException {
    List<String> order = new CopyOnWriteArrayList<>();
    take(Purpose.LOOK);
    Thread work =
        waiting(() -> {
          take(Purpose.WORK);
          order.add("work");
        });
    assertBusy(Purpose.WORK);
    assertBusy(Purpose.LOOK);
    order.add("look ends");
    turns.giveBack(BRANCH);
    work.join();
    assertThat(order).containsExactly("look ends", "work");
    assertBusy(Purpose.LOOK);
    turns.giveBack(BRANCH);
    take(Purpose.WORK);
  }

  @Test
  void aLookWaitsForALook() throws InterruptedException {
    take(Purpose.LOOK);
    Thread second = waiting(() -> take(Purpose.LOOK));
    turns.giveBack(BRANCH);
    second.join();
    turns.giveBack(BRANCH);
    take(Purpose.LOOK);
  }

  @Test
  void whoHasWaitedLongEnoughIsTold() {
    BranchTurns hasty = new BranchTurns(Duration.ofMillis(1));
    hasty.take(BRANCH, "alice", Purpose.LOOK);
    for (Purpose purpose : Purpose.values()) {
      assertThatThrownBy(() -> hasty.take(BRANCH, "alice", purpose))
          .hasMessageContaining("'alice' is being promoted");
    }
    hasty.giveBack(BRANCH);
    hasty.take(BRANCH, "alice", Purpose.WORK);
  }

  @Test
  void whoIsInterruptedGivesUpAndIsInNobodysWay() throws InterruptedException {
    take(Purpose.LOOK);
    Thread interrupted = waiting(() -> assertBusy(Purpose.WORK));
    interrupted.interrupt();
    interrupted.join();
    Thread work = waiting(() -> take(Purpose.WORK));
    turns.giveBack(BRANCH);
    work.join();
  }

  @Test
  void aPromotionLandsAfterALookThatWasUnderWay() throws Exception {
    try (Fork fork =
            Fork.of(
                TemporaryPostgres.shared(),
                "CREATE TABLE shelf (id int PRIMARY KEY, place text)",
                "INSERT INTO shelf VALUES (1, 'Oslo')");
        ExecutorService executor = Executors.newSingleThreadExecutor()) {
      fork.branch.unit(unit -> unit.update(fork.table("shelf"), "1", "place", "Lima"));
      CountDownLatch looking = new CountDownLatch(1);
      CountDownLatch seen = new CountDownLatch(1);
      fork.passing =
          moment -> {
            if (moment == Moment.LOOKED) {
              looking.countDown();
              await(seen);
              assertThat(fork.ask("SELECT place FROM shelf")).containsExactly("Oslo");
            }
          };
      Promoter promoter = fork.promoter();
      CompletableFuture<Promotion> look =
          CompletableFuture.supplyAsync(() -> promoter.look(ALICE), executor);
      looking.await();
      CompletableFuture<Promotion> landing = new CompletableFuture<>();
      Thread lander =
          waiting(() ->
              landing.complete(
                  promoter.promote(new PromoteRequest(ALICE, false, false, Set.of()))));
      seen.countDown();
      assertThat(look.get().units().landed()).isEqualTo(1);
      lander.join();
      assertThat(landing.join().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT place FROM shelf")).containsExactly("Lima");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
