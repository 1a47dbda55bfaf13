package dev.anabranch.gateway.relay;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The client's messages that the branch has not replied to, in their order.
 *
 * <p>Three rules of the protocol decide which of them get a reply at all (PostgreSQL documentation,
 * "Message Flow"). After an error in the extended protocol the branch skips to the next Sync. While
 * rows are copied in it reads on up to their end and ignores Syncs. And outside of a copy it
 * ignores what belongs to one.
 *
 * <p>A copy that fails leaves one thing untold: whether it had read the Syncs that were sent ahead
 * of its rows, or left them to count. {@link ExpectedReply.PerhapsReady} stands for them.
 */
final class ReplyQueue {

  private final ArrayDeque<ExpectedReply> queue = new ArrayDeque<>();
  private boolean skippingToSync;
  private boolean copyingIn;
  private boolean unsynced;
  private boolean broken;
  private boolean certain = true;

  /** To be called before the message is passed on. */
  void asked(ExpectedReply message) {
    if (message instanceof ExpectedReply.CopyInRows
        && queue.peekLast() instanceof ExpectedReply.CopyInRows) {
      return;
    }
    if (skippingToSync && !(message instanceof ExpectedReply.SyncReply)) {
      certain &= queue.isEmpty() || message.isPartOfCopy();
      return;
    }
    skippingToSync = false;
    unsynced |= message.isExtended();
    queue.add(message);
  }

  /** The client broke the framing: the branch reads no further and ends the session. */
  void broken() {
    broken = true;
  }

  /**
   * Whether every message has had its reply and no implicit transaction is waiting for its Sync.
   */
  boolean isQuiet() {
    dropCopyEnds();
    return queue.isEmpty() && !skippingToSync && !unsynced && !broken;
  }

  boolean anyMatch(Predicate<ExpectedReply> wanted) {
    for (ExpectedReply awaited : queue) {
      if (wanted.test(awaited)) {
        return true;
      }
    }
    return false;
  }

  /** How much is remembered for all of them, in characters. */
  long weight() {
    return queue.stream().mapToLong(awaited -> awaited.weight() + MemoryBudget.LEAST).sum();
  }

  /** Whether it is still certain which message a reply belongs to. */
  boolean isCertain() {
    return certain;
  }

  /** The message that a reply other than ReadyForQuery belongs to. */
  Optional<ExpectedReply> head() {
    if (!copyingIn) {
      dropCopyEnds();
    }
    while (queue.peek() instanceof ExpectedReply.PerhapsReady) {
      queue.remove();
      dropCopyEnds();
    }
    return Optional.ofNullable(queue.peek());
  }

  /** The end of rows that nobody wanted (any more) has no reply. */
  private void dropCopyEnds() {
    while (!copyingIn && !queue.isEmpty() && queue.element().isPartOfCopy()) {
      queue.remove();
    }
  }

  ExpectedReply headOf(Class<?> reply) {
    return head().orElseThrow(() -> lostTrack(reply));
  }

  <T extends ExpectedReply> T expect(Class<T> kind) {
    ExpectedReply head = headOf(kind);
    if (!kind.isInstance(head)) {
      throw lostTrack(kind);
    }
    return kind.cast(head);
  }

  <T extends ExpectedReply> T take(Class<T> kind) {
    T head = expect(kind);
    queue.remove();
    return head;
  }

  AnabranchException lostTrack(Class<?> got) {
    return new AnabranchException(
        ErrorCode.INTERNAL,
        "a reply ("
            + got.getSimpleName()
            + ") came where "
            + Optional.ofNullable(queue.peek()).map(h -> h.getClass().getSimpleName())
            + " stood.");
  }

  void copyInBegan() {
    copyingIn = true;
  }

  /** The first message is done, with success. */
  void completed() {
    if (copyingIn) {
      copyingIn = false;
      ExpectedReply head = queue.remove();
      // Whatever came before the end of the rows was read by the copy, and only Sync and Flush may.
      while (!queue.isEmpty() && !(queue.remove() instanceof ExpectedReply.CopyInEnd)) {}
      queue.addFirst(head);
    }
    if (queue.peek() instanceof ExpectedReply.ExecuteReply) {
      queue.remove();
    }
  }

  /**
   * The first message has failed.
   *
   * @param cancelled whether somebody stopped it, rather than what it had read
   */
  void failed(boolean cancelled) {
    int perhaps = copyingIn ? takeSyncsAmongRows(cancelled) : 0;
    copyingIn = false;
    Optional<ExpectedReply> goesOn = Optional.empty();
    ExpectedReply first = queue.peek();
    if (first != null && first.isExtended()) {
      skipToSync(perhaps > 0);
    } else {
      goesOn = Optional.ofNullable(queue.poll());
    }
    if (perhaps > 0) {
      queue.addFirst(new ExpectedReply.PerhapsReady(perhaps));
    }
    goesOn.ifPresent(queue::addFirst);
  }

  /**
   * Removes the Syncs that the copy may have read. What it read is what it failed by, so it read
   * none that came after all of its rows; unless it was cancelled.
   */
  private int takeSyncsAmongRows(boolean cancelled) {
    ExpectedReply head = queue.remove();
    ArrayDeque<ExpectedReply> after = new ArrayDeque<>();
    int syncs = 0;
    while (queue.peek() instanceof ExpectedReply.SyncReply
        || queue.peek() instanceof ExpectedReply.CopyInRows) {
      ExpectedReply next = queue.remove();
      after.add(next);
      if (next instanceof ExpectedReply.CopyInRows) {
        syncs += after.size() - 1;
        after.clear();
      }
    }
    if (cancelled || queue.peek() instanceof ExpectedReply.CopyInEnd) {
      syncs += after.size();
      after.clear();
    }
    after.descendingIterator().forEachRemaining(queue::addFirst);
    queue.addFirst(head);
    return syncs;
  }

  private void skipToSync(boolean perhapsSynced) {
    queue.remove();
    while (!queue.isEmpty() && !(queue.element() instanceof ExpectedReply.SyncReply)) {
      certain &= queue.remove().isPartOfCopy() || !perhapsSynced;
    }
    skippingToSync = queue.isEmpty();
  }

  /**
   * ReadyForQuery came.
   *
   * @param queryBegan whether a simple query has had any other reply
   * @return the message that it ends; empty when it ends one that was perhaps read by a copy
   */
  Optional<ExpectedReply> ready(boolean queryBegan) {
    copyingIn = false;
    dropCopyEnds();
    Optional<ExpectedReply> ended =
        queue.peek() instanceof ExpectedReply.PerhapsReady ? perhaps() : first();
    unsynced = anyMatch(ExpectedReply::isExtended);
    if (ended.isPresent() && ended.get() instanceof ExpectedReply.QueryReply && !queryBegan) {
      throw lostTrack(ExpectedReply.QueryReply.class);
    }
    return ended;
  }

  private Optional<ExpectedReply> first() {
    ExpectedReply head = queue.poll();
    return switch (head) {
      case ExpectedReply.QueryReply _, ExpectedReply.SyncReply _, ExpectedReply.FunctionReply _ ->
          Optional.of(head);
      case null, default -> throw lostTrack(ExpectedReply.SyncReply.class);
    };
  }

  /** Each ReadyForQuery is like the other, so those that must come are counted first. */
  private Optional<ExpectedReply> perhaps() {
    ExpectedReply.PerhapsReady perhaps = (ExpectedReply.PerhapsReady) queue.remove();
    dropCopyEnds();
    if (queue.peek() instanceof ExpectedReply.SyncReply sync) {
      queue.remove();
      queue.addFirst(perhaps);
      return Optional.of(sync);
    }
    skippingToSync = false;
    if (perhaps.count() > 1) {
      queue.addFirst(new ExpectedReply.PerhapsReady(perhaps.count() - 1));
    }
    return Optional.empty();
  }
}
