package dev.anabranch.predicate.rule;

import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableShape;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.verdict.Evidence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One mention of a table in one statement, as it meets the rows of one stored table.
 *
 * @param occurrence what is read, and under which condition
 * @param shape the table that has the rows
 * @param layout where the condition's columns are in them
 * @param places of the cells that are read
 * @param matcher with the statement's parameters
 */
record Look(
    Occurrence occurrence,
    TableShape shape,
    Layout layout,
    List<Integer> places,
    RowMatcher matcher) {

  /** What the condition comes to on a row; false where there is none. */
  Truth decide(Optional<Image> image, Set<Integer> doubtful) {
    return image.isPresent()
        ? matcher.decide(occurrence.condition(), layout, image.get(), doubtful)
        : Truth.FALSE;
  }

  boolean mayMatch(Optional<Image> image, Set<Integer> doubtful) {
    return decide(image, doubtful).mayBeTrue();
  }

  /** A cell whose value is not known is like no other, itself included. */
  boolean sameWhereRead(RowThenAndNow change) {
    if (change.before().isEmpty() || change.after().isEmpty()) {
      return false;
    }
    Image before = change.before().get();
    Image after = change.after().get();
    // A loop by number, for it is asked of every row that may match.
    for (int i = 0; i < places.size(); i++) {
      if (!before.sameAt(places.get(i), after)) {
        return false;
      }
    }
    return true;
  }

  Evidence evidence(RowThenAndNow change) {
    Map<String, String> key = new LinkedHashMap<>();
    List<Column> columns = shape.keyColumns();
    for (int i = 0; i < columns.size() && i < change.key().values().size(); i++) {
      key.put(columns.get(i).name(), change.key().values().get(i));
    }
    Evidence.Kind kind =
        change.before().isEmpty()
            ? Evidence.Kind.INSERT
            : change.after().isEmpty() ? Evidence.Kind.DELETE : Evidence.Kind.UPDATE;
    return new Evidence(shape.qualifiedName(), key, kind);
  }
}
