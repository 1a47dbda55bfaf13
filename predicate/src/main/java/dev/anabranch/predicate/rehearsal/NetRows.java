package dev.anabranch.predicate.rehearsal;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a transaction did to one table's rows in the end, by the columns of one layout.
 *
 * <p>Every write takes one image away and puts another one there. What is left when they are added
 * up is the difference between the table before and after, in whichever order they are told.
 *
 * @param shape the layout of the images
 * @param inserted rows that are new
 * @param updated rows that are others under the same key
 * @param deleted rows that are gone
 * @param emptied whether it was emptied wholesale
 */
record NetRows(
    TableShape shape,
    List<Image> inserted,
    List<Update> updated,
    List<Image> deleted,
    boolean emptied) {

  /** A row before and after. */
  record Update(Key key, Image before, Image after) {}

  static NetRows none(TableShape shape) {
    return new NetRows(shape, List.of(), List.of(), List.of(), false);
  }

  /**
   * By table; tables whose rows are the same as before are left out.
   *
   * @param layouts of the images in the writes
   * @param wanted the layouts to tell them in
   * @return empty when it can't be told: a cell or a column is missing
   */
  static Optional<Map<TableId, NetRows>> of(
      List<Write> writes, Map<TableId, TableShape> layouts, Map<TableId, TableShape> wanted) {
    Map<TableId, Map<Image, Integer>> sums = new LinkedHashMap<>();
    Map<TableId, Boolean> emptied = new LinkedHashMap<>();
    for (Write write : writes) {
      TableShape from = layouts.get(write.table());
      TableShape to = wanted.getOrDefault(write.table(), from);
      if (from == null || to == null || !write.isWhole() || !covers(from, to)) {
        return Optional.empty();
      }
      Map<Image, Integer> sum =
          sums.computeIfAbsent(write.table(), ignored -> new LinkedHashMap<>());
      switch (write) {
        case Write.Insert insert -> sum.merge(told(insert.after(), from, to), 1, Integer::sum);
        case Write.Update update -> {
          sum.merge(told(update.before(), from, to), -1, Integer::sum);
          sum.merge(told(update.after(), from, to), 1, Integer::sum);
        }
        case Write.Delete delete -> sum.merge(told(delete.before(), from, to), -1, Integer::sum);
        case Write.Truncate ignored -> emptied.put(write.table(), true);
      }
    }
    Map<TableId, NetRows> net = new LinkedHashMap<>();
    sums.forEach((table, sum) -> {
      TableShape shape = Objects.requireNonNull(wanted.getOrDefault(table, layouts.get(table)));
      NetRows rows = of(shape, sum, emptied.getOrDefault(table, false));
      if (!rows.isNothing()) {
        net.put(table, rows);
      }
    });
    return Optional.of(net);
  }

  private boolean isNothing() {
    return inserted.isEmpty() && updated.isEmpty() && deleted.isEmpty() && !emptied;
  }

  private static boolean covers(TableShape from, TableShape to) {
    return to.columns().stream()
        .allMatch(column -> {
          int place = from.indexOf(column.number());
          return place >= 0 && from.columns().get(place).typeOid() == column.typeOid();
        });
  }

  private static Image told(Image image, TableShape from, TableShape to) {
    if (from.equals(to)) {
      return image;
    }
    List<Cell> cells = new ArrayList<>();
    for (Column column : to.columns()) {
      cells.add(image.cells().get(from.indexOf(column.number())));
    }
    return new Image(cells);
  }

  private static NetRows of(TableShape shape, Map<Image, Integer> sum, boolean emptied) {
    List<Image> come = new ArrayList<>();
    List<Image> gone = new ArrayList<>();
    sum.forEach((image, times) -> {
      for (int i = 0; i < Math.abs(times); i++) {
        (times > 0 ? come : gone).add(image);
      }
    });
    if (!shape.hasKey()) {
      return new NetRows(shape, come, List.of(), gone, emptied);
    }
    Map<Key, Image> before = new LinkedHashMap<>();
    gone.forEach(image -> before.put(shape.keyOf(image), image));
    List<Image> inserted = new ArrayList<>();
    List<Update> updated = new ArrayList<>();
    for (Image image : come) {
      Key key = shape.keyOf(image);
      Image old = before.remove(key);
      if (old == null) {
        inserted.add(image);
      } else {
        updated.add(new Update(key, old, image));
      }
    }
    return new NetRows(shape, inserted, updated, List.copyOf(before.values()), emptied);
  }
}
