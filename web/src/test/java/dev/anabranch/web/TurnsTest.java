package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final int MANY = 200;

  private final Turns turns = new Turns();

  @Test
  void noBranchWaitsForAnother() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<String> slow =
          other.submit(() ->
              turns.take(
                  "slow",
                  () -> {
                    begun.countDown();
                    await(end);
                    return "slow";
                  }));
      begun.await();
      for (int i = 0; i < MANY; i++) {
        String branch = "branch-" + i;
        assertThat(turns.take(branch, () -> branch)).isEqualTo(branch);
      }
      assertThat(turns.wanted()).isEqualTo(1);
      end.countDown();
      assertThat(slow.get()).isEqualTo("slow");
    }
    assertThat(turns.wanted()).isZero();
  }

  @Test
  void oneBranchIsLookedAtOnceAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Future<Integer>> all = new ArrayList<>();
    try (ExecutorService others = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < MANY; i++) {
        all.add(
            others.submit(() ->
                turns.take(
                    "one",
                    () -> {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      return inside.decrementAndGet();
                    })));
      }
      for (Future<Integer> one : all) {
        assertThat(one.get()).isZero();
      }
    }
    assertThat(most).hasValue(1);
    assertThat(turns.wanted()).isZero();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
