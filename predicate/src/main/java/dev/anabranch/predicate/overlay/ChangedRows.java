package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Image;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowIndex;
import dev.anabranch.predicate.match.RowMatcher;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/** Main's own changes to one table, to be found by what an answer reads. */
public final class ChangedRows {

  private final List<RowChange> changes;
  private final RowIndex index;
  private final BitSet touched = new BitSet();
  private boolean cameOrWent;

  /**
   * @param changes in one layout
   */
  ChangedRows(List<RowChange> changes) {
    this.changes = List.copyOf(changes);
    this.index =
        new RowIndex(
            this.changes.stream()
                .map(change ->
                    Stream.concat(change.before().stream(), change.after().stream()).toList())
                .toList());
    this.changes.forEach(this::touch);
  }

  private void touch(RowChange change) {
    if (change.before().isEmpty() || change.after().isEmpty()) {
      cameOrWent = true;
      return;
    }
    Image before = change.before().get();
    Image after = change.after().get();
    for (int place = 0; place < before.cells().size(); place++) {
      if (!before.sameAt(place, after)) {
        touched.set(place);
      }
    }
  }

  public List<RowChange> all() {
    return changes;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  public int size() {
    return changes.size();
  }

  /** Whether some row came, went, or has another cell at one of these places. */
  public boolean differAt(List<Integer> places) {
    return cameOrWent || places.stream().anyMatch(touched::get);
  }

  /** Those that may match, before or after, and perhaps others. */
  public List<RowChange> mayMatch(Condition condition, Layout layout, RowMatcher matcher) {
    BitSet found = index.find(condition, layout, matcher);
    return found.cardinality() == changes.size()
        ? changes
        : found.stream().mapToObj(changes::get).toList();
  }
}
