package dev.anabranch.bench.pool;

import dev.anabranch.bench.measure.Findings;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Many who do the same thing at the same moment, each in a thread of its own. */
final class Crowd {

  /** What one of them does. */
  interface Deed {
    void run() throws Exception;
  }

  /** Instead of the time of one that failed. */
  static final long FAILED = -1;

  private Crowd() {}

  /**
   * All begin at once.
   *
   * @param deeds makes each one's deed, before the clocks start
   * @return how long each took, in nanoseconds; {@link #FAILED} of one that failed, with a finding
   */
  static long[] atOnce(int count, IntFunction<Deed> deeds, Findings findings)
      throws InterruptedException {
    long[] nanos = new long[count]; // each thread writes its own place
    Arrays.fill(nanos, FAILED);
    CountDownLatch ready = new CountDownLatch(count);
    CountDownLatch go = new CountDownLatch(1);
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().name("caller-", 0).factory())) {
      for (int i = 0; i < count; i++) {
        int place = i;
        Deed deed = deeds.apply(i);
        threads.execute(() -> {
          try {
            ready.countDown();
            go.await();
            long from = System.nanoTime();
            deed.run();
            nanos[place] = System.nanoTime() - from;
          } catch (Exception e) {
            findings.failed("a caller failed: " + e.getMessage());
          }
        });
      }
      ready.await();
      go.countDown();
    }
    return nanos;
  }

  /** All of them, a few at a time. */
  static void fewAtATime(int count, int threads, IntFunction<Deed> deeds, Findings findings) {
    try (ExecutorService few =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name("few-", 0).factory())) {
      for (int i = 0; i < count; i++) {
        Deed deed = deeds.apply(i);
        few.execute(() -> {
          try {
            deed.run();
          } catch (Exception e) {
            findings.failed("a caller failed: " + e.getMessage());
          }
        });
      }
    }
  }
}
