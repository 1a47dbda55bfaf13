package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Task;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A session's transaction while it lasts, implicit or begun by the client. */
final class Transaction {

  private final long number;
  private final Mark began;
  private final Set<Task> tasks = new HashSet<>();
  private final Savepoints savepoints = new Savepoints();
  private final Set<String> setByWords = new HashSet<>();
  private boolean explicit;
  private boolean answered;
  private boolean failed;
  private boolean rolledBackInPart;
  private boolean settingsChanged;
  private boolean codeRan;
  private boolean catalogsChanged;
  private boolean foreignSnapshot;
  private boolean commitsInside;
  private Writes writes = Writes.NONE;
  private Optional<OwnWrites.UpTo> position = Optional.empty();

  /** What is known of its writes. */
  private enum Writes {
    NONE,
    /** A statement that need not have written anything. */
    PERHAPS,
    /** Its position is not known yet. */
    SOME,
    /** All of them are at or below {@link #position}. */
    LOCATED
  }

  Transaction(long number, Mark began) {
    this.number = number;
    this.began = began;
  }

  long number() {
    return number;
  }

  Mark began() {
    return began;
  }

  void makeExplicit() {
    explicit = true;
  }

  boolean isExplicit() {
    return explicit;
  }

  /**
   * A statement of it was told something.
   *
   * @param what what that statement was for
   */
  void answered(Task what) {
    tasks.add(what);
    answered = true;
  }

  /** The one trace that all its statements belong to, or else what its session is doing. */
  Task task(Task ofSession) {
    return tasks.size() == 1 && tasks.iterator().next() instanceof Task.Traced trace
        ? trace
        : ofSession;
  }

  void fail() {
    failed = true;
  }

  boolean hasFailed() {
    return failed;
  }

  Savepoints savepoints() {
    return savepoints;
  }

  void rolledBackTo(Optional<String> name, long now) {
    savepoints.rolledBackTo(name, now);
    rolledBackInPart = true;
    // The client may go on, also after an error.
    failed = false;
  }

  boolean isRolledBackInPart() {
    return rolledBackInPart;
  }

  /** Its words set these; those set for it alone are taken back when it ends. */
  void setByWords(Collection<String> names) {
    setByWords.addAll(names);
  }

  /** What its words set before may be otherwise now, also for good. */
  void codeMaySet() {
    setByWords.clear();
  }

  /** What its words have set since code last ran in it that may set any. */
  Set<String> setByWords() {
    return setByWords;
  }

  void settingsChanged() {
    settingsChanged = true;
  }

  boolean hasChangedSettings() {
    return settingsChanged;
  }

  /** Code ran in it that may have set anything and made temporary tables. */
  void codeRan() {
    codeRan = true;
  }

  boolean hasRunCode() {
    return codeRan;
  }

  /** What other sessions know of the catalogs may be wrong once it commits. */
  void catalogsChanged() {
    catalogsChanged = true;
  }

  boolean hasChangedCatalogs() {
    return catalogsChanged;
  }

  /** It sees what another transaction sees (SET TRANSACTION SNAPSHOT). */
  void tookOverSnapshot() {
    foreignSnapshot = true;
  }

  boolean hasForeignSnapshot() {
    return foreignSnapshot;
  }

  void commitsInside() {
    commitsInside = true;
  }

  boolean hasCommittedInside() {
    return commitsInside;
  }

  void wrote() {
    writes = Writes.SOME;
  }

  void mayHaveWritten() {
    writes = writes == Writes.NONE || writes == Writes.PERHAPS ? Writes.PERHAPS : Writes.SOME;
  }

  /** The branch said where its writes end; empty when it has written nothing so far. */
  void located(Optional<OwnWrites.UpTo> where) {
    position = where;
    writes = where.isPresent() ? Writes.LOCATED : Writes.NONE;
  }

  boolean needsLocating() {
    return writes == Writes.SOME || writes == Writes.PERHAPS;
  }

  boolean surelyWrote() {
    return writes == Writes.SOME || writes == Writes.LOCATED;
  }

  Optional<OwnWrites.UpTo> position() {
    return position;
  }

  /** What a statement that starts now would see of this transaction's writes. */
  OwnWrites visible() {
    return switch (writes) {
      case NONE -> new OwnWrites.None();
      case LOCATED -> position.<OwnWrites>map(where -> where).orElseGet(OwnWrites.None::new);
      case PERHAPS, SOME ->
          new OwnWrites.Unknown(
              "the client did not wait for its transaction's earlier statement to end");
    };
  }

  /** Whether the ledger must hear of its end. */
  boolean matters() {
    return writes != Writes.NONE || (explicit && answered);
  }
}
