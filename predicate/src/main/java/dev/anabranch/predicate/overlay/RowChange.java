package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
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
public record RowChange(Key key, Optional<Image> before, Optional<Image> after, Conflict conflict) {

  /** Both sides changed the row in ways that can't be combined without a person. */
  public sealed interface Conflict {

    /** They agree. */
    record None() implements Conflict {}

    /**
     * Both changed the same cells, differently.
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

  boolean isChange() {
    return !before.equals(after) || !(conflict instanceof Conflict.None);
  }
}
