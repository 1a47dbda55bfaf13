package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A row as an answer saw it, and as it would be if the question were asked again now.
 *
 * @param key the row
 * @param before as the answer saw it, empty when it was not there
 * @param after on main now under the branch's own earlier writes
 * @param conflict how the two sides contradict each other
 */
public record RowThenAndNow(
    Key key, Optional<Image> before, Optional<Image> after, Conflict conflict) {

  /** Both sides changed the row in ways that can't be combined without a person. */
  public sealed interface Conflict {

    /** They agree. */
    record None() implements Conflict {}

    /**
     * Both changed the same cells, differently, or main has yet to give them a value.
     *
     * @param places of those cells in the images
     */
    record Cells(Set<Integer> places) implements Conflict {}

    /**
     * One deleted what the other changed, or both inserted: the row may come out as either, or not
     * at all.
     *
     * @param main the row on main now
     */
    record Rows(Optional<Image> main) implements Conflict {}
  }

  /** The same under another key. */
  public RowThenAndNow under(Key other) {
    return new RowThenAndNow(other, before, after, conflict);
  }

  /** The same, where nobody knows what some cells come to. */
  RowThenAndNow doubting(Set<Integer> places) {
    return switch (conflict) {
      case Conflict.None ignored ->
          new RowThenAndNow(key, before, after, new Conflict.Cells(Set.copyOf(places)));
      case Conflict.Cells(Set<Integer> others) -> {
        Set<Integer> all = new HashSet<>(places);
        all.addAll(others);
        yield new RowThenAndNow(key, before, after, new Conflict.Cells(Set.copyOf(all)));
      }
      case Conflict.Rows ignored -> this;
    };
  }

  boolean isChange() {
    return !before.equals(after) || !(conflict instanceof Conflict.None);
  }
}
