package dev.anabranch.predicate.rule;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.predicate.overlay.ChangedRows;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rows that a statement's own transaction wrote, of which it is not known whether the statement
 * saw them written.
 */
public sealed interface OwnRows {

  /** It wrote none that the statement can have seen. */
  record None() implements OwnRows {}

  /** It may have written any row. */
  record Any() implements OwnRows {}

  /**
   * It wrote these and no others.
   *
   * @param keys by table
   * @param whole tables of which it may have written any row
   */
  record Written(Map<TableId, Set<Key>> keys, Set<TableId> whole) implements OwnRows {
    public Written {
      keys = Map.copyOf(keys);
      whole = Set.copyOf(whole);
    }
  }

  /** Those of a table's changed rows that may be among them. */
  default Stream<RowThenAndNow> among(TableId table, ChangedRows plain, List<RowThenAndNow> mixed) {
    return switch (this) {
      case None ignored -> Stream.empty();
      case Any ignored -> Stream.concat(plain.all().stream(), mixed.stream());
      case Written(var keys, var whole) -> {
        Set<Key> own = keys.getOrDefault(table, Set.of());
        yield whole.contains(table)
            ? Stream.concat(plain.all().stream(), mixed.stream())
            : Stream.concat(
                plain.of(own), mixed.stream().filter(change -> own.contains(change.key())));
      }
    };
  }
}
