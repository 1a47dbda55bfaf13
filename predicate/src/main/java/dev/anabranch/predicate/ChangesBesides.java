package dev.anabranch.predicate;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.rule.Changes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Main's changes without those of some rows. Not thread-safe. */
final class ChangesBesides implements Changes {

  private final Changes all;
  private final Map<TableId, Set<Key>> leftOut;
  private final Map<TableId, TableDelta> found = new HashMap<>();

  ChangesBesides(Changes all, Map<TableId, Set<Key>> leftOut) {
    this.all = all;
    this.leftOut = leftOut;
  }

  @Override
  public TableDelta of(TableId table) {
    return found.computeIfAbsent(table, this::besides);
  }

  private TableDelta besides(TableId table) {
    Set<Key> keys = leftOut.getOrDefault(table, Set.of());
    return all.of(table) instanceof TableDelta.Rows(TableShape shape, List<NewestRow> rows)
        ? new TableDelta.Rows(
            shape, rows.stream().filter(row -> !keys.contains(row.key())).toList())
        : all.of(table);
  }

  @Override
  public Map<Key, Image> forkImages(TableDelta.Rows delta) {
    return all.forkImages(delta);
  }
}
