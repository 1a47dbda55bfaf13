package dev.anabranch.ledger;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.ledger.Ledger.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between sessions and the ledger: a bounded queue with one writer, so that many
 * sessions share a commit.
 *
 * <p>An entry survives a kill of this process once it is queued: it is in the {@link Journal} then,
 * and the next process brings it to the ledger before it does anything else. It survives the loss
 * of the machine once it is durable, normally {@link #GATHER} later. While the control database is
 * down nothing is lost: the queue fills, callers wait, and the writer tries again until it
 * succeeds.
 *
 * <p>Callers that may not wait (event loops) use {@link #offer}, which always takes the entry and
 * says whether there is room for more; those must then stop producing until {@link #whenRoom} calls
 * them back.
 */
public final class LedgerQueue implements AutoCloseable {

  /** Entries that may wait before callers are made to. */
  public static final int CAPACITY = 8192;

  /**
   * How many bytes they may be, as the journal keeps them; what came last may go beyond. Entries
   * with long texts would fill the memory long before there are so many. An eighth of the heap, as
   * a batch on its way takes as much again.
   */
  public static final long CAPACITY_BYTES =
      Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 8);

  /** Entries that share one commit at most. */
  private static final int BATCH = 2048;

  /** And their bytes, unless it is one entry. */
  private static final long BATCH_BYTES = CAPACITY_BYTES / 4;

  /** How long the writer waits for company before it commits. */
  public static final Duration GATHER = Duration.ofMillis(20);

  private static final Duration FIRST_RETRY = Duration.ofMillis(20);
  private static final Duration LAST_RETRY = Duration.ofSeconds(1);

  /**
   * How long {@link #flush} and {@link #close} bear with a control database that can't be written.
   */
  private static final Duration OUTAGE_LIMIT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(LedgerQueue.class);

  private final LedgerStore store;
  private final Thread writer;
  private final AtomicLong refused = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition progressed = lock.newCondition();
  // All below are guarded by the lock.
  private final Journal journal;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private final List<Runnable> wantRoom = new ArrayList<>();
  private long accepted;
  private long durable;
  private int hurried;

  /**
   * Whether the writer waits for the first entry; waking it up for each would cost more than that.
   */
  private boolean idle;

  private boolean closing;
  private long failingSinceNanos;
  private Optional<AnabranchException> failing = Optional.empty();

  /** An entry, and how long it is in the journal. */
  private record Waiting(Entry.Heard entry, int bytes) {}

  /**
   * Brings to the ledger what a killed process left in the journal, and takes entries from then on.
   *
   * @param journal the journal's directory, made if need be; of one process at a time
   * @throws AnabranchException LEDGER_UNAVAILABLE when the control database can't be written
   */
  public LedgerQueue(LedgerStore store, Path journal) {
    this.store = store;
    this.journal = Journal.in(journal);
    recover();
    this.writer = Thread.ofPlatform().daemon().name("ledger-writer").start(this::write);
  }

  private void recover() {
    List<Entry.Heard> left = journal.left();
    for (int from = 0; from < left.size(); from += BATCH) {
      recover(left.subList(from, Math.min(from + BATCH, left.size())));
    }
    journal.forget();
  }

  private void recover(List<Entry.Heard> entries) {
    try {
      store.appendMissing(entries);
    } catch (AnabranchException e) {
      if (e.code() == ErrorCode.LEDGER_UNAVAILABLE) {
        throw e;
      }
      if (entries.size() == 1) {
        refuse(entries.getFirst(), e);
      } else {
        entries.forEach(entry -> recover(List.of(entry)));
      }
    }
  }

  /** Queues an entry, waiting for room if there is none. */
  public void append(Entry.Heard entry) throws InterruptedException {
    byte[] encoded = EntryCodec.encode(entry);
    lock.lockInterruptibly();
    try {
      while (!hasRoom()) {
        progressed.await();
      }
      accept(entry, encoded);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Queues an entry without waiting.
   *
   * @return false when the queue is full now: the entry was taken, and the caller must bring no
   *     more until {@link #whenRoom} says so
   */
  public boolean offer(Entry.Heard entry) {
    byte[] encoded = EntryCodec.encode(entry);
    lock.lock();
    try {
      accept(entry, encoded);
      return hasRoom();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs an action, soon and once, when the queue has room; on the caller's or the writer's thread.
   */
  public void whenRoom(Runnable action) {
    lock.lock();
    try {
      if (!hasRoom()) {
        wantRoom.add(action);
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  private boolean hasRoom() {
    return waiting.size() < CAPACITY && waitingBytes < CAPACITY_BYTES;
  }

  private boolean isHalfEmpty() {
    return waiting.size() < CAPACITY / 2 && waitingBytes < CAPACITY_BYTES / 2;
  }

  private void accept(Entry.Heard entry, byte[] encoded) {
    if (closing) {
      throw new AnabranchException(ErrorCode.LEDGER_UNAVAILABLE, "the ledger is being closed");
    }
    journal.add(encoded);
    waiting.add(new Waiting(entry, encoded.length));
    waitingBytes += encoded.length;
    accepted++;
    if (idle || waiting.size() == BATCH || waitingBytes >= BATCH_BYTES) {
      arrived.signal();
    }
  }

  /**
   * Returns when everything queued before the call is durable.
   *
   * @throws AnabranchException LEDGER_UNAVAILABLE when the control database has not been writable
   *     for ten seconds
   */
  public void flush() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long goal = accepted;
      hurried++;
      arrived.signal();
      try {
        while (durable < goal) {
          if (failing.isPresent()
              && System.nanoTime() - failingSinceNanos > OUTAGE_LIMIT.toNanos()) {
            throw failing.get();
          }
          progressed.await();
        }
      } finally {
        hurried--;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Entries that wait to become durable. */
  public long depth() {
    lock.lock();
    try {
      return accepted - durable;
    } finally {
      lock.unlock();
    }
  }

  /** Entries that the control database would never take: a defect, logged each time. */
  public long refused() {
    return refused.get();
  }

  /**
   * Writes what is queued, then stops. What can't be written within ten seconds of outage stays in
   * the journal.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closeJournal();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeJournal() {
    lock.lock();
    try {
      journal.close(durable);
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    boolean going = true;
    while (going) {
      List<Entry.Heard> batch = nextBatch();
      going = !batch.isEmpty() && writeUntilDurable(batch);
    }
  }

  /** Empty when the queue is closed and drained. */
  private List<Entry.Heard> nextBatch() {
    lock.lock();
    try {
      idle = true;
      while (waiting.isEmpty() && !closing) {
        arrived.awaitUninterruptibly();
      }
      idle = false;
      gather();
      List<Entry.Heard> batch = new ArrayList<>(Math.min(waiting.size(), BATCH));
      long bytes = 0;
      while (!waiting.isEmpty() && batch.size() < BATCH && bytes < BATCH_BYTES) {
        Waiting next = waiting.remove();
        batch.add(next.entry());
        bytes += next.bytes();
      }
      waitingBytes -= bytes;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void gather() {
    long left = GATHER.toNanos();
    while (left > 0
        && waiting.size() < BATCH
        && waitingBytes < BATCH_BYTES
        && hurried == 0
        && !closing) {
      try {
        left = arrived.awaitNanos(left);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** False when the queue is closing and the outage has lasted too long. */
  private boolean writeUntilDurable(List<Entry.Heard> batch) {
    Duration pause = FIRST_RETRY;
    boolean again = false;
    while (true) {
      Optional<AnabranchException> failure = tryWrite(batch, again);
      if (failure.isEmpty()) {
        settled(batch.size());
        return true;
      }
      if (failure.get().code() != ErrorCode.LEDGER_UNAVAILABLE) {
        return writeOneByOne(batch, failure.get());
      }
      if (!awaitRetry(failure.get(), pause, batch.size())) {
        return false;
      }
      again = true;
      pause = LAST_RETRY.compareTo(pause.multipliedBy(2)) < 0 ? LAST_RETRY : pause.multipliedBy(2);
    }
  }

  private Optional<AnabranchException> tryWrite(List<Entry.Heard> batch, boolean again) {
    try {
      if (again) {
        store.appendMissing(batch);
      } else {
        store.append(batch);
      }
      return Optional.empty();
    } catch (AnabranchException e) {
      return Optional.of(e);
    }
  }

  /** One entry is at fault: let it not take the others with it. */
  private boolean writeOneByOne(List<Entry.Heard> batch, AnabranchException cause) {
    if (batch.size() == 1) {
      refuse(batch.getFirst(), cause);
      settled(1);
      return true;
    }
    return batch.stream().allMatch(entry -> writeUntilDurable(List.of(entry)));
  }

  private void refuse(Entry.Heard entry, AnabranchException cause) {
    refused.incrementAndGet();
    log.error("The ledger lost {}, which the control database refused", named(entry), cause);
  }

  /** Without what was asked and answered, which is not for logs. */
  private static String named(Entry.Heard entry) {
    return switch (entry) {
      case Entry.AnswerGiven(Answer answer) ->
          "an answer of session " + answer.session() + " on branch " + answer.branch();
      case Entry.TransactionEnded(Ending ending) ->
          "an ending of session " + ending.session() + " on branch " + ending.branch();
    };
  }

  private boolean awaitRetry(AnabranchException failure, Duration pause, int pending) {
    lock.lock();
    try {
      if (failing.isEmpty()) {
        log.warn(
            "The control database can't be written; sessions will wait for it: {}",
            failure.getMessage());
        failingSinceNanos = System.nanoTime();
      }
      failing = Optional.of(failure);
      progressed.signalAll();
      boolean tooLong = System.nanoTime() - failingSinceNanos > OUTAGE_LIMIT.toNanos();
      if (closing && tooLong) {
        log.error(
            "The control database can't be written; {} entries stay in the journal for the next"
                + " start: {}",
            pending + waiting.size(),
            failure.getMessage());
        return false;
      }
      long left = pause.toNanos();
      while (left > 0) {
        left = progressed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void settled(int entries) {
    List<Runnable> called = List.of();
    lock.lock();
    try {
      durable += entries;
      journal.settled(durable);
      if (failing.isPresent()) {
        log.info("The control database can be written again; {} entries wait.", waiting.size());
        failing = Optional.empty();
      }
      if (isHalfEmpty() && !wantRoom.isEmpty()) {
        called = List.copyOf(wantRoom);
        wantRoom.clear();
      }
      progressed.signalAll();
    } finally {
      lock.unlock();
    }
    called.forEach(Runnable::run);
  }
}
