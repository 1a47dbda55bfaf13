package dev.anabranch.gateway.relay;

import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Undone;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A transaction's savepoints, and what was rolled back to them. */
final class Savepoints {

  private final Deque<Savepoint> open = new ArrayDeque<>();
  private final List<Span> undone = new ArrayList<>();
  private boolean lost;

  /**
   * @param set the tick after it was
   */
  private record Savepoint(String name, long set) {}

  void set(Optional<String> name, long now) {
    name.ifPresentOrElse(known -> open.push(new Savepoint(known, now)), () -> lost = true);
  }

  /** It goes, and with it all that were set later. */
  void released(Optional<String> name) {
    if (!hasUpTo(name)) {
      lost = true;
      return;
    }
    dropAfter(name.get());
    open.pop();
  }

  /** It stays; all that were set later go, with what was done since. */
  void rolledBackTo(Optional<String> name, long now) {
    if (!hasUpTo(name)) {
      lost = true;
      return;
    }
    dropAfter(name.get());
    undone.add(new Span(open.element().set(), now));
  }

  private boolean hasUpTo(Optional<String> name) {
    return name.isPresent()
        && open.stream().anyMatch(savepoint -> savepoint.name().equals(name.get()));
  }

  private void dropAfter(String name) {
    while (!open.element().name().equals(name)) {
      open.pop();
    }
  }

  Undone undone() {
    return lost ? new Undone.Unknown() : new Undone.Parts(undone);
  }
}
