package dev.anabranch.predicate.rule;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.overlay.ChangedRows;
import dev.anabranch.predicate.overlay.Overlay;
import dev.anabranch.predicate.overlay.RowThenAndNow;
import dev.anabranch.predicate.verdict.Proof;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What main has changed between two positions, for answers that were judged at the first.
 *
 * <p>What the changes of a table say of an answer is a sum over rows, to which a row that matches
 * neither before nor after adds nothing. Between the two positions only the rows changed since can
 * add something else. If none of these added anything then, and none does now, the sum is the same.
 */
public final class Since {

  private final SchemaSnapshot schema;
  private final Traps traps;
  private final Map<TableId, Fresh> fresh = new HashMap<>();
  private final Set<TableId> wholly = new HashSet<>();
  private final Set<TableId> unfollowed = new HashSet<>();
  private final Map<TableId, Set<TableId>> descendants = new HashMap<>();

  /** By the table that has the rows, and the one that is named. */
  private final Map<TableId, Map<TableId, Layout>> layouts = new HashMap<>();

  /** Reads rows of the fork point. */
  public interface ForkRows {
    Map<Key, Image> of(TableShape shape, List<Key> keys);
  }

  /**
   * Rows of one table that have changed since.
   *
   * @param then what they were to an answer at the first position
   * @param now what they are to one at the second
   */
  private record Fresh(TableShape shape, ChangedRows then, ChangedRows now) {}

  /**
   * @param schema the tables at the fork point
   * @param written what the branch has written: rows of both sides are more than these sums
   */
  public Since(
      SchemaSnapshot schema,
      Delta first,
      Delta second,
      WrittenKeys written,
      ForkRows forkRows,
      Traps traps) {
    this.schema = schema;
    this.traps = traps;
    schema
        .relations()
        .forEach((table, relation) -> {
          if (!isFollowed(relation, first.of(table), second.of(table))) {
            unfollowed.add(table);
          }
        });
    Set<TableId> all = new HashSet<>(first.tables().keySet());
    all.addAll(second.tables().keySet());
    for (TableId table : all) {
      if (isMoved(first.of(table), second.of(table))) {
        fresh(first.of(table), second.of(table), first.asOf(), written, forkRows)
            .ifPresentOrElse(
                rows -> {
                  if (!rows.now().isEmpty()) {
                    fresh.put(table, rows);
                  }
                },
                () -> wholly.add(table));
      }
    }
  }

  /** Whether all that may have changed of it is told by rows or by its definition. */
  private static boolean isFollowed(Relation relation, TableDelta first, TableDelta second) {
    return switch (relation.kind()) {
      case 'p', 'v' -> true;
      case 'm' -> relation.refreshedWhole();
      case 'r' ->
          relation.persistence() == 'p'
              && first instanceof TableDelta.Rows
              && second instanceof TableDelta.Rows;
      default -> false;
    };
  }

  /**
   * A delta that is the same object has no other row; comparing rows would cost what this saves.
   */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isMoved(TableDelta first, TableDelta second) {
    return first != second
        && !(first instanceof TableDelta.Rows(var shape, var rows)
            && second instanceof TableDelta.Rows later
            && shape.equals(later.shape())
            && rows == later.rows())
        && (first instanceof TableDelta.Rows || !first.equals(second));
  }

  /** Empty when rows do not tell what has changed. */
  private static Optional<Fresh> fresh(
      TableDelta first, TableDelta second, Lsn position, WrittenKeys written, ForkRows forkRows) {
    if (!(first instanceof TableDelta.Rows then && second instanceof TableDelta.Rows now)
        || !then.shape().equals(now.shape())
        || then.rows().size() > now.rows().size()) {
      return Optional.empty();
    }
    List<NewestRow> later = now.rows().stream().filter(row -> row.lsn().isAfter(position)).toList();
    Set<Key> keys = later.stream().map(NewestRow::key).collect(Collectors.toSet());
    Optional<Set<Key>> own = written.of(now.shape());
    if (own.isEmpty() || own.get().stream().anyMatch(keys::contains)) {
      return Optional.empty();
    }
    List<NewestRow> earlier = then.rows().stream().filter(row -> keys.contains(row.key())).toList();
    Map<Key, Image> images = forkRows.of(now.shape(), List.copyOf(keys));
    List<RowThenAndNow> is = Overlay.ofMain(later, images);
    // A row that is as it was at the fork point again takes back what it proved.
    return is.size() < later.size()
        ? Optional.empty()
        : Optional.of(
            new Fresh(
                now.shape(), ChangedRows.of(Overlay.ofMain(earlier, images)), ChangedRows.of(is)));
  }

  /** A table under a branch's writes, as it is now; empty when rows do not tell. */
  Optional<Overlay> moved(TableId table, Overlay then) {
    if (wholly.contains(table)) {
      return Optional.empty();
    }
    Fresh rows = fresh.get(table);
    return Optional.of(rows == null ? then : then.with(rows.now().all()));
  }

  /**
   * What the changes prove of an answer, beside what was found at the first position: that they add
   * nothing to it. Empty when they may.
   *
   * @param tables all that it reads, partitions and children included
   */
  public Optional<Finding.Proven> addsNothing(
      Set<TableId> tables, Footprint.Reads reads, RowMatcher matcher) {
    Finding.Proven none = new Finding.Proven(Proof.UNTOUCHED, "");
    if (traps.has(Trap.KEPT_WHATEVER_CHANGES)) {
      return Optional.of(none);
    }
    if (!tables.stream().allMatch(this::isTold)) {
      return Optional.empty();
    }
    Finding whole = none;
    for (Occurrence occurrence : reads.occurrences()) {
      for (TableId table : family(occurrence)) {
        Optional<Finding> part =
            fresh.containsKey(table)
                ? addsNothing(occurrence, fresh.get(table), matcher)
                : Optional.of(none);
        if (part.isEmpty()) {
          return Optional.empty();
        }
        whole = whole.and(part.get());
      }
    }
    return whole instanceof Finding.Proven proven ? Optional.of(proven) : Optional.empty();
  }

  /** Whether no row of these tables has changed, which may be any. */
  public boolean leaves(Set<TableId> tables) {
    return traps.has(Trap.KEPT_WHATEVER_CHANGES)
        || tables.stream().allMatch(table -> isTold(table) && !fresh.containsKey(table));
  }

  private boolean isTold(TableId table) {
    return schema.relations().containsKey(table)
        && !unfollowed.contains(table)
        && !wholly.contains(table);
  }

  private Optional<Finding> addsNothing(Occurrence occurrence, Fresh rows, RowMatcher matcher) {
    Relation named = schema.relations().get(occurrence.table());
    if (named == null) {
      return Optional.empty();
    }
    Layout layout =
        layouts
            .computeIfAbsent(rows.shape().id(), _ -> new HashMap<>())
            .computeIfAbsent(occurrence.table(), _ -> Layout.of(named.shape(), rows.shape()));
    List<Integer> places = Prover.places(occurrence.columns(), layout, rows.shape());
    if (places.contains(-1)) {
      return Optional.empty();
    }
    Look look = new Look(occurrence, rows.shape(), layout, places, matcher);
    Balance then = balance(rows.then(), look);
    Balance now = balance(rows.now(), look);
    return then.isMatched() || now.isMatched() ? Optional.empty() : Optional.of(now.finding());
  }

  private Balance balance(ChangedRows rows, Look look) {
    Balance balance = new Balance(Optional.empty(), traps);
    balance.somethingChanged(Proof.NET);
    balance.addAll(rows, look);
    return balance;
  }

  private Set<TableId> family(Occurrence occurrence) {
    return occurrence.withDescendants()
        ? descendants.computeIfAbsent(
            occurrence.table(), table -> SchemaDrift.descendants(schema, Set.of(table)))
        : Set.of(occurrence.table());
  }
}
