package dev.anabranch.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A branch that somebody has a review of open: whether main or the branch has moved, by the API's
 * stream of verdicts, and what was seen of its facts last. It is followed for as long as somebody
 * asks, on a thread of its own that only notes what it is told.
 */
final class FollowedBranch {

  /** Nobody has asked for that long: their tabs are closed, or hidden. */
  private static final long UNASKED_NANOS = Duration.ofSeconds(30).toNanos();

  private static final int HEX = 16;
  private static final int HALF = 32;

  private final ApiCalls api;
  private final String branch;
  private final InstantSource clock;
  private final Lock lock = new ReentrantLock();
  // All below are guarded by the lock.
  private long knownAsOf;
  private boolean hasBegun;
  private boolean isDue;
  private boolean isLooking;
  private boolean isBusy;
  private boolean isLost;
  private String end = "";
  private Instant endedAt = Instant.EPOCH;
  private @Nullable Promoted latest;
  private Instant latestAt = Instant.EPOCH;
  private long lookedAt = System.nanoTime() - Duration.ofDays(1).toNanos();
  private long askedAt = System.nanoTime();

  /**
   * @param asOf what the review that is open is true as of: what main did before is in it
   */
  FollowedBranch(ApiCalls api, String branch, long asOf, InstantSource clock) {
    this.api = api;
    this.branch = branch;
    this.knownAsOf = asOf;
    this.clock = clock;
  }

  /**
   * What is known.
   *
   * @param latest the facts as they were seen last, if that was after a review was shown
   * @param busy whether the branch is landed, undone or reset at this moment
   */
  record Seen(@Nullable Promoted latest, boolean busy) {}

  /**
   * @param ending told when it is followed no more
   */
  void start(Consumer<FollowedBranch> ending) {
    Thread.ofPlatform()
        .daemon()
        .name("review of " + branch)
        .start(() -> {
          try {
            follow();
          } catch (IOException | ApiRefusal e) {
            lost(); // who asks next begins anew
          }
          if (isLost()) {
            ending.accept(this);
          }
        });
  }

  private void follow() throws IOException {
    String stream = "/branches/" + Visit.part(branch) + "/verdicts/stream";
    try (BufferedReader events =
        new BufferedReader(new InputStreamReader(api.open(stream), StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = events.readLine(); line != null; line = events.readLine()) {
        if (line.startsWith("event:")) {
          event = line.substring("event:".length()).strip();
        } else if (line.startsWith("data:") && event.equals("asOf")) {
          moved(position(data(line).path("asOf").asString("")));
        } else if (line.startsWith("data:") && event.equals("end")) {
          ended(data(line).path("reason").asString(""));
          return;
        }
        if (isUnasked()) {
          break;
        }
      }
    }
    lost();
  }

  private static JsonNode data(String line) {
    return ApiCalls.JSON.readTree(line.substring("data:".length()));
  }

  /** An LSN as a number; what is none comes before all. */
  static long position(String lsn) {
    int slash = lsn.indexOf('/');
    try {
      return slash < 0
          ? 0
          : (Long.parseLong(lsn.substring(0, slash), HEX) << HALF)
              | Long.parseLong(lsn.substring(slash + 1), HEX);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** The first telling only says where it begins; the branch may move while main does not. */
  private void moved(long asOf) {
    lock.lock();
    try {
      isDue |= hasBegun || asOf > knownAsOf;
      hasBegun = true;
    } finally {
      lock.unlock();
    }
  }

  private void ended(String reason) {
    lock.lock();
    try {
      end = reason;
      endedAt = clock.instant();
    } finally {
      lock.unlock();
    }
  }

  private void lost() {
    lock.lock();
    try {
      isLost = true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isLost() {
    lock.lock();
    try {
      return isLost;
    } finally {
      lock.unlock();
    }
  }

  /** It is followed no more, whoever asks. */
  void leave() {
    lock.lock();
    try {
      askedAt = System.nanoTime() - UNASKED_NANOS - 1;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nobody asks any more. */
  boolean isUnasked() {
    lock.lock();
    try {
      return System.nanoTime() - askedAt > UNASKED_NANOS;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a review that was shown then is of another life of the branch. */
  boolean isOver(Instant shownAt) {
    lock.lock();
    try {
      return !end.isEmpty() && shownAt.isAfter(endedAt);
    } finally {
      lock.unlock();
    }
  }

  /** Why the branch is no more; empty while it is there. */
  String ended() {
    lock.lock();
    try {
      return end;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A review asks.
   *
   * @param asOf what it is true as of
   * @param shownAt when it was shown
   * @param open how many of its facts are open
   */
  void asked(long asOf, Instant shownAt, int open, BranchSeen now) {
    lock.lock();
    try {
      askedAt = System.nanoTime();
      boolean isNewer = latest == null || latestAt.isBefore(shownAt);
      isDue |= isNewer && asOf < knownAsOf;
      // Decisions that were made elsewhere: whoever decides is told what is open then.
      isDue |=
          now.waiting() != null
              && now.waiting().lookedAt().isAfter(isNewer ? shownAt : latestAt)
              && now.waiting().facts() != (isNewer || latest == null ? open : latest.open());
    } finally {
      lock.unlock();
    }
  }

  /** Whether who asks is to look at the facts; one does at a time. */
  boolean beginsLook(Duration pause) {
    lock.lock();
    try {
      if (!isDue || isLooking || System.nanoTime() - lookedAt < pause.toNanos()) {
        return false;
      }
      isLooking = true;
      isDue = false;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Somebody saw the facts. */
  void looked(Promoted work, Instant at) {
    lock.lock();
    try {
      latest = work;
      latestAt = at;
      knownAsOf = Math.max(knownAsOf, position(work.asOf()));
      isBusy = false;
    } finally {
      lock.unlock();
    }
  }

  /** They could not be seen, and are looked at again. */
  void failed(boolean busy) {
    lock.lock();
    try {
      isBusy |= busy;
      isDue = true;
    } finally {
      lock.unlock();
    }
  }

  void endsLook() {
    lock.lock();
    try {
      isLooking = false;
      lookedAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** What is known to a review that was shown then. */
  Seen seen(Instant shownAt) {
    lock.lock();
    try {
      return new Seen(latestAt.isBefore(shownAt) ? null : latest, isBusy);
    } finally {
      lock.unlock();
    }
  }
}
