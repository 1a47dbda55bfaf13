package dev.anabranch.bench.pool;

import dev.anabranch.bench.measure.Ground;
import dev.anabranch.bench.report.Summary;
import dev.anabranch.trials.drive.Product;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/**
 * A server with a pool.
 *
 * @param hot running durable spares
 * @param hotEphemeral running ephemeral spares
 * @param cold clones that are not started
 */
record Pooled(int hot, int hotEphemeral, int cold) {

  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration GAP = Duration.ofMillis(100);

  /**
   * From here on the server keeps so many of one sort, of main as it is now; its images do not age
   * meanwhile, idle branches stay awake, and deleted ones are gone.
   */
  static void restart(Ground ground, int hot, int cold, boolean ephemeral) {
    ground
        .server()
        .restart(
            List.of(
                "--pool-hot=" + (ephemeral ? 0 : hot),
                "--pool-hot-ephemeral=" + (ephemeral ? hot : 0),
                "--pool-cold=" + cold,
                "--freshness=12h",
                "--suspend-after=never",
                "--keep-deleted=0"));
  }

  /** From here on nothing is made ahead. */
  static void restartWithout(Ground ground) {
    restart(ground, 0, 0, false);
  }

  /** What waits there now. */
  static Pooled now(Product product) {
    JsonNode pools = product.status().path("pools");
    return new Pooled(
        pools.path("hot").asInt(), pools.path("hotEphemeral").asInt(), pools.path("cold").asInt());
  }

  /** Running spares of one sort. */
  int running(boolean ephemeral) {
    return ephemeral ? hotEphemeral : hot;
  }

  /** Returns when so many wait. Asks rarely: whoever asks keeps the processor from the pool. */
  static void await(Product product, boolean ephemeral, int running, int clones) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Pooled now = now(product);
    while (now.running(ephemeral) < running || now.cold() < clones) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the pool does not fill: " + now);
      }
      LockSupport.parkNanos(GAP.toNanos());
      now = now(product);
    }
  }

  /** Of those that did not fail. */
  static Summary summary(LongStream nanos) {
    return Summary.ofNanos(nanos.filter(one -> one != Crowd.FAILED));
  }
}
