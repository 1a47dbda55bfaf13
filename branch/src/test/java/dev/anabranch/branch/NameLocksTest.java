package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.BranchName;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NameLocksTest {

  private static final BranchName ALICE = new BranchName("alice");
  private static final BranchName BOB = new BranchName("bob");

  private final NameLocks locks = new NameLocks();

  @Test
  void aNameIsHeldByOneAtATimeAndKeptNoLonger() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger together = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService others = Executors.newFixedThreadPool(2)) {
      Future<Integer> first =
          others.submit(() ->
              locks.holding(
                  ALICE,
                  () -> {
                    together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    begun.countDown();
                    return inside.getAndDecrement();
                  }));
      begun.await();
      Future<Integer> second =
          others.submit(() ->
              locks.holding(
                  Set.of(BOB, ALICE),
                  () -> {
                    together.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    return inside.getAndDecrement();
                  }));
      first.get();
      second.get();
    }
    assertThat(together).hasValue(1);
    assertThat(locks.size()).isZero();
  }

  @Test
  void aNameIsLetGoOfWhenTheWorkFails() {
    assertThatThrownBy(() ->
            locks.holding(
                ALICE,
                () -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    assertThat(locks.size()).isZero();
  }
}
