package dev.anabranch.server;

import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.check.Checker;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does of the next checks what can be done before anybody asks for them, for branches that run, one
 * after the other. One that is put to sleep, removed or promoted meanwhile is none the worse for
 * it.
 */
final class Preparations implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Preparations.class);
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** So many times as long as a branch took, nothing is done for any. */
  private static final int REST = 4;

  private static final Duration LONGEST_REST = Duration.ofSeconds(20);

  private final Branches branches;
  private final Checker checker;
  private final MainUse use;
  private final Timer spent;
  private final Sweeper turns;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param spent is told what each took that had anything to do
   */
  Preparations(Branches branches, Checker checker, MainUse use, Timer spent) {
    this.branches = branches;
    this.checker = checker;
    this.use = use;
    this.spent = spent;
    this.turns = new Sweeper("preparer", PERIOD, this::turn);
  }

  private void turn() {
    try {
      for (Branch branch : branches.list()) {
        Duration took = prepare(branch);
        if (!took.isZero()) {
          spent.record(took);
        }
        if (!rests(took)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** False when it is to end. */
  private boolean rests(Duration after) throws InterruptedException {
    Duration rest = after.multipliedBy(REST);
    Duration most = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
    return !closed.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** How long it took, also in vain. */
  private Duration prepare(Branch branch) {
    long began = System.nanoTime();
    try {
      return branches.inPassing(() ->
          use.during(() ->
              branch.state() == Branch.State.READY && branches.isAwake(branch.id())
                  ? checker.prepare(branch)
                  : Duration.ZERO));
    } catch (RuntimeException e) {
      LOG.debug("The next check of {} could not be prepared", branch.name(), e);
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }

  /** What is under way ends at its next step, when the checks do. */
  @Override
  public void close() {
    closed.countDown();
    turns.close();
  }
}
