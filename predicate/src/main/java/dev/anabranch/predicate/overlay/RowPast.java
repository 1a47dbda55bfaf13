package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a branch wrote to one table, by row, in main's layout. Made once for all the answers of the
 * branch, each of which saw some of it.
 */
final class RowPast {

  private final TableShape shape;
  private final TableShape fork;
  private final Past past;
  private final Traps traps;
  private final Map<Key, List<Version>> rows = new HashMap<>();
  private final List<Place> unkeyed = new ArrayList<>();

  /** Main's keys of rows that it calls otherwise, or does not know, while the log is read. */
  private final Map<Key, Optional<Key>> called = new HashMap<>();

  /**
   * Where a write stands.
   *
   * @param unit the place of its unit
   * @param lsn inside it
   */
  record Place(int unit, Lsn lsn) {
    boolean isIn(Seen seen) {
      return isOwn(seen) ? !lsn.isAfter(seen.own().orElseThrow().upTo()) : seen.sees(unit);
    }

    boolean isOwn(Seen seen) {
      return seen.own().filter(part -> seen.past().placeOf(part.unit()) == unit).isPresent();
    }
  }

  /**
   * What one write made of one row.
   *
   * @param from the row before it
   * @param to the row after it
   * @param landed whether it is on main
   * @param former main's key of the row, where the branch has given it another one
   */
  record Version(
      Place place,
      Optional<Image> from,
      Optional<Image> to,
      boolean landed,
      Optional<Key> former) {}

  /**
   * @param shape main's layout
   * @param fork the table at the fork point
   */
  RowPast(TableShape shape, TableShape fork, Past past, Traps traps) {
    this.shape = shape;
    this.fork = fork;
    this.past = past;
    this.traps = traps;
    for (int place = 0; place < past.units().size(); place++) {
      take(past.units().get(place), place);
    }
  }

  private void take(Unit unit, int place) {
    Optional<ColumnMatch> match = Optional.empty();
    boolean matched = false;
    for (Write write : unit.writes()) {
      if (!write.table().equals(shape.id())) {
        continue;
      }
      if (!matched) {
        match = match(unit);
        matched = true;
      }
      Place at = new Place(place, write.lsn());
      if (match.isEmpty() || !shape.hasKey() || !write.isWhole()) {
        unkeyed.add(at);
      } else {
        take(write, at, match.get());
      }
    }
  }

  private Optional<ColumnMatch> match(Unit unit) {
    return unit.shapes().stream()
        .filter(found -> found.id().equals(shape.id()))
        .findFirst()
        .flatMap(branch -> ColumnMatch.of(branch, fork, shape, traps))
        .filter(ColumnMatch::isWhole);
  }

  private void take(Write write, Place at, ColumnMatch match) {
    switch (write) {
      case Write.Insert insert ->
          add(at, Optional.empty(), Optional.of(match.onMain(insert.after())));
      case Write.Update update ->
          add(
              at,
              Optional.of(match.onMain(update.before())),
              Optional.of(match.onMain(update.after())));
      case Write.Delete delete ->
          add(at, Optional.of(match.onMain(delete.before())), Optional.empty());
      case Write.Truncate ignored -> unkeyed.add(at);
    }
  }

  private void add(Place at, Optional<Image> from, Optional<Image> to) {
    boolean landed = past.hasLanded(at.unit()) && !traps.has(Trap.LAY_OVER_LANDED);
    Optional<Key> before = from.map(shape::keyOf);
    Optional<Key> after = to.map(shape::keyOf);
    Optional<Key> onMain = before.flatMap(key -> called.getOrDefault(key, before));
    if (before.equals(after)) {
      version(after.orElseThrow(), new Version(at, from, to, landed, other(onMain, after)));
      return;
    }
    before.ifPresent(key -> {
      version(key, new Version(at, from, Optional.empty(), landed, other(onMain, before)));
      called.remove(key);
    });
    after.ifPresent(key -> {
      if (landed) {
        called.remove(key);
      } else {
        called.put(key, onMain);
      }
      Optional<Key> former = landed ? Optional.empty() : other(onMain, after);
      version(key, new Version(at, Optional.empty(), to, landed, former));
    });
  }

  private static Optional<Key> other(Optional<Key> onMain, Optional<Key> key) {
    return onMain.filter(known -> !key.equals(Optional.of(known)));
  }

  private void version(Key key, Version version) {
    rows.computeIfAbsent(key, ignored -> new ArrayList<>()).add(version);
  }

  boolean isEmpty() {
    return rows.isEmpty() && unkeyed.isEmpty();
  }

  /** What was written in a way that tells no rows by main's key. */
  List<Place> unkeyed() {
    return unkeyed;
  }

  /** All that the branch made of a row, in commit order. */
  List<Version> of(Key key) {
    return rows.getOrDefault(key, List.of());
  }

  /** All of it. */
  Map<Key, List<Version>> rows() {
    return rows;
  }

  boolean has(Key key) {
    return rows.containsKey(key);
  }

  /** Rows that the branch wrote in a transaction that has landed. */
  List<Key> landed() {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().stream().anyMatch(Version::landed))
        .map(Map.Entry::getKey)
        .toList();
  }
}
