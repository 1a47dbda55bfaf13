package dev.anabranch.predicate;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.LeftRows.Left;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.timeline.TakenOff;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Leads main back to the place that a statement had on its branch, where its branch has landed work
 * since: what is taken off a copy of main for it, and what main has changed besides. Found once for
 * all statements. Not thread-safe.
 */
final class OwnPlace {

  private final LeftRows rows;
  private final Changes changes;
  private Optional<TakenOff> canBeTakenOff = Optional.empty();
  private final Map<Set<Long>, Changes> besides = new HashMap<>();

  /**
   * @param rows those that landed
   * @param changes main's
   */
  OwnPlace(LeftRows rows, Changes changes) {
    this.rows = rows;
    this.changes = changes;
  }

  /**
   * What of the branch's landed work can be taken off a copy of main again, and what was seen of it
   * laid over as it was written: rows that main has exactly as the branch left them.
   */
  TakenOff all() {
    if (canBeTakenOff.isEmpty()) {
      canBeTakenOff = Optional.of(rows.past().withoutLanded(this::isLeft));
    }
    return canBeTakenOff.get();
  }

  /**
   * What main has changed besides: without the rows that only such work has changed there. A
   * statement finds them as it did on the branch.
   *
   * @param takenOff what was taken off for it; where that is more than such work, nothing is left
   *     out
   */
  Changes besides(TakenOff takenOff) {
    if (takenOff.isEmpty() || !all().units().containsAll(takenOff.units())) {
      return changes;
    }
    return besides.computeIfAbsent(
        takenOff.units(),
        units -> {
          Map<TableId, Set<Key>> own = keysOf(units::contains);
          keysOf(unit -> !all().units().contains(unit))
              .forEach((table, keys) -> own.getOrDefault(table, new HashSet<>()).removeAll(keys));
          return new ChangesBesides(changes, own);
        });
  }

  /** Of rows that landed, by the table, as main calls them. */
  private Map<TableId, Set<Key>> keysOf(LongPredicate which) {
    Map<TableId, Set<Key>> keys = new HashMap<>();
    rows.past().units().stream()
        .filter(unit -> which.test(unit.id()))
        .flatMap(unit -> unit.writes().stream())
        .flatMap(write -> rows.of(write).stream())
        .forEach(row ->
            keys.computeIfAbsent(row.shape().id(), _ -> new HashSet<>()).add(rows.onMain(row)));
    return keys;
  }

  private boolean isLeft(Unit unit) {
    return unit.writes().stream()
        .allMatch(write -> rows.of(write).filter(this::isLeft).isPresent());
  }

  private boolean isLeft(Left row) {
    if (!(changes.of(row.shape().id()) instanceof TableDelta.Rows delta)) {
      return false;
    }
    Optional<NewestRow> found = rows.newest(row, delta);
    if (found.isEmpty()) {
      return row.wasNeverThere();
    }
    Optional<Image> now = found.get().now();
    if (now.isEmpty() || row.as().isEmpty()) {
      return now.isEmpty() && row.as().isEmpty();
    }
    return row.as().get().isWhole()
        && row.shape().columns().stream()
            .allMatch(column -> rows.isSame(column, row, now.get(), delta.shape()));
  }
}
