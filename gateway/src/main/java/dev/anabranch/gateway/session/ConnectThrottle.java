package dev.anabranch.gateway.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Lets few sessions at a time begin on their branches' Postgres, those that came first first. Each
 * is a new process there: of a hundred that share two processors all are ready at the end, while a
 * few at a time are ready one after the other, and the last no later. Safe for any thread.
 */
public final class ConnectThrottle {

  /** A branch that is slower than this no longer keeps others waiting. */
  private static final Duration LONGEST_TURN = Duration.ofMillis(100);

  private final int atOnce;
  // Both are guarded by this.
  private final Queue<Turn> waiting = new ArrayDeque<>();
  private int under;

  /**
   * @param atOnce how many may have their turn
   */
  public ConnectThrottle(int atOnce) {
    this.atOnce = atOnce;
  }

  /** One session's turn, which ends when it says so or has taken too long. */
  final class Turn {
    private final ScheduledExecutorService loop;
    private final Runnable begin;
    // Guarded by the throttle.
    private boolean over;

    private Turn(ScheduledExecutorService loop, Runnable begin) {
      this.loop = loop;
      this.begin = begin;
    }

    private void start() {
      loop.execute(begin);
      var _ = loop.schedule(this::end, LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The next one may begin. Does nothing the second time. */
    void end() {
      Turn next;
      synchronized (ConnectThrottle.this) {
        if (over) {
          return;
        }
        over = true;
        if (waiting.remove(this)) {
          return;
        }
        next = waiting.poll();
        if (next == null) {
          under--;
          return;
        }
      }
      next.start();
    }
  }

  /**
   * Runs an action on its loop when its turn comes; at once, if few are under way.
   *
   * @return what is to be ended when the session has begun, or never will
   */
  Turn enter(ScheduledExecutorService loop, Runnable begin) {
    Turn turn = new Turn(loop, begin);
    synchronized (this) {
      if (under == atOnce) {
        waiting.add(turn);
        return turn;
      }
      under++;
    }
    turn.start();
    return turn;
  }
}
