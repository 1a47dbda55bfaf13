package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Completes writes of which the branch's log has no more of the old row than its key.
 *
 * <p>Nobody but the branch's clients writes to a branch, and all they write is in its units. So the
 * row before a write is what the last earlier write to its key left, or else the row at the fork
 * point. Units come in commit order, which is the order in which any one key was written: each
 * write waits for the one before it to commit.
 *
 * <p>Whatever breaks that reasoning leaves the write as it is: a table that the branch altered or
 * emptied, another layout, a row that is not where it should be. Such a write is not whole, and
 * everything that reads it must say that it does not know.
 */
public final class OldRows {

  /** Rows at the fork point, by their own key's text; keys without a row are left out. */
  public interface Fork {
    Map<Key, Image> images(TableShape shape, Collection<Key> keys);
  }

  private final TableShape shape;
  private final Set<Key> wanted = new LinkedHashSet<>();
  private final Map<Key, Optional<Image>> rows = new HashMap<>();

  private OldRows(TableShape shape) {
    this.shape = shape;
  }

  /**
   * The same units, their writes completed where that is certain.
   *
   * @param units all of a branch's units from the fork point on, in commit order
   * @param trusted tables that the branch has with the definition and the rows of the fork point
   *     and its own writes, and nothing else
   */
  public static List<Unit> completed(
      List<Unit> units, Map<TableId, TableShape> trusted, Fork fork) {
    Map<TableId, OldRows> tables = new HashMap<>();
    lacking(units, trusted).forEach(table -> tables.put(table.id(), new OldRows(table)));
    if (tables.isEmpty()) {
      return units;
    }
    units.forEach(unit -> each(unit, tables, OldRows::want));
    tables.values().forEach(table -> table.begin(fork));
    return units.stream().map(unit -> unit.with(each(unit, tables, OldRows::complete))).toList();
  }

  /** Trusted tables with a write that lacks something, if all their writes can be followed. */
  private static List<TableShape> lacking(List<Unit> units, Map<TableId, TableShape> trusted) {
    Set<TableId> lacking = new HashSet<>();
    Set<TableId> unfit = new HashSet<>();
    for (Unit unit : units) {
      Map<TableId, TableShape> layouts =
          unit.shapes().stream().collect(Collectors.toMap(TableShape::id, shape -> shape));
      for (Write write : unit.writes()) {
        TableShape known = trusted.get(write.table());
        if (!write.isWhole()) {
          lacking.add(write.table());
        }
        if (known == null || !canFollow(write, known, layouts.get(write.table()))) {
          unfit.add(write.table());
        }
      }
    }
    lacking.removeAll(unfit);
    return lacking.stream().map(trusted::get).toList();
  }

  private static boolean canFollow(Write write, TableShape known, @Nullable TableShape written) {
    return known.hasKey()
        && written != null
        && columns(written).equals(columns(known))
        && switch (write) {
          case Write.Insert insert -> known.keyIsIn(insert.after());
          case Write.Update update ->
              known.keyIsIn(update.before()) && known.keyIsIn(update.after());
          case Write.Delete delete -> known.keyIsIn(delete.before());
          case Write.Truncate ignored -> false;
        };
  }

  private static List<List<Long>> columns(TableShape shape) {
    return shape.columns().stream()
        .map(column -> List.of((long) column.number(), column.typeOid()))
        .toList();
  }

  private interface Take {
    Write take(OldRows table, Write write);
  }

  private static List<Write> each(Unit unit, Map<TableId, OldRows> tables, Take take) {
    List<Write> writes = new ArrayList<>();
    for (Write write : unit.writes()) {
      OldRows table = tables.get(write.table());
      writes.add(table == null ? write : take.take(table, write));
    }
    return writes;
  }

  /** Notes which rows of the fork point will be needed; the write stays as it is. */
  private Write want(Write write) {
    Optional<Key> from = from(write);
    if (!write.isWhole()) {
      from.filter(key -> !rows.containsKey(key)).ifPresent(wanted::add);
    }
    from.ifPresent(key -> rows.put(key, Optional.empty()));
    to(write).ifPresent(key -> rows.put(key, Optional.empty()));
    return write;
  }

  private void begin(Fork fork) {
    rows.clear();
    fork.images(shape, wanted).forEach((key, image) -> rows.put(key, Optional.of(image)));
  }

  private Write complete(Write write) {
    Optional<Image> known = from(write).flatMap(key -> rows.getOrDefault(key, Optional.empty()));
    Write completed = known.map(row -> filled(write, row)).orElse(write);
    from(completed).ifPresent(key -> rows.put(key, Optional.empty()));
    to(completed).ifPresent(key -> rows.put(key, completed.rowAfter()));
    return completed;
  }

  private static Write filled(Write write, Image row) {
    return switch (write) {
      case Write.Insert insert -> insert;
      case Write.Update(TableId table, var lsn, Image before, Image after) ->
          new Write.Update(table, lsn, before.filledFrom(row), after.filledFrom(row));
      case Write.Delete(TableId table, var lsn, Image before) ->
          new Write.Delete(table, lsn, before.filledFrom(row));
      case Write.Truncate truncate -> truncate;
    };
  }

  private Optional<Key> from(Write write) {
    return write.rowBefore().map(shape::keyOf);
  }

  private Optional<Key> to(Write write) {
    return write.rowAfter().map(shape::keyOf);
  }
}
