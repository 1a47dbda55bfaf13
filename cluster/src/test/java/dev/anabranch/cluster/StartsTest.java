package dev.anabranch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class StartsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Starts starts = new Starts();
  private final Process process = ended();

  private static Process ended() {
    try {
      return new ProcessBuilder("true").start();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("starting a program", e);
    }
  }

  @Test
  void noneIsLaunchedOnceTheyAreClosed() {
    assertThat(starts.launch(() -> process)).isSameAs(process);
    starts.close(PATIENCE);
    assertThatThrownBy(() -> starts.launch(() -> process))
        .isInstanceOf(AnabranchException.class)
        .hasMessageContaining("shutting down");
  }

  @Test
  void closingWaitsForTheOneUnderWay() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    AtomicBoolean isLaunched = new AtomicBoolean();
    CompletableFuture<Process> launched =
        CompletableFuture.supplyAsync(() ->
            starts.launch(() -> {
              begun.countDown();
              awaitThat(told);
              isLaunched.set(true);
              return process;
            }));
    begun.await();
    CompletableFuture<Boolean> wasLaunched =
        CompletableFuture.supplyAsync(() -> {
          starts.close(PATIENCE);
          return isLaunched.get();
        });
    starts.close(Duration.ofMillis(1)); // does not wait longer than it was told
    told.countDown();
    assertThat(wasLaunched.get()).isTrue();
    assertThat(launched.get()).isSameAs(process);
  }

  private static void awaitThat(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
