package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a branch's work is on main already. It is main's since then: whoever asks again finds it
 * there, as it landed or as main has changed it since, and it is never laid over main another time.
 *
 * @param units the ids of the units that are on main
 * @param renumbered rows of theirs that have another key on main: by table, the branch's key to
 *     main's
 * @param undone the ids of those that were taken back again
 * @param redone the ids of those that landed as they were executed again, and told something else
 * @param otherwise by the ids of those of which cells landed with other values than they wrote, the
 *     tables of these cells, each as {@code schema.table}, or "" where it may be any
 * @param alsoChanged by the ids of units, the tables of which they wrote what main had changed as
 *     well by then; {@link #ANY} where it may be any
 */
public record Landed(
    Set<Long> units,
    Map<TableId, Map<Key, Key>> renumbered,
    Set<Long> undone,
    Set<Long> redone,
    Map<Long, Set<String>> otherwise,
    Map<Long, Set<TableId>> alsoChanged) {

  public static final Landed NOTHING = new Landed(Set.of(), Map.of());

  /** Stands for any table. */
  public static final TableId ANY = new TableId(0);

  /** Whether main had no part in what a unit wrote to these tables. */
  boolean isOwnWork(Unit unit, Set<TableId> tables) {
    Set<TableId> also = alsoChanged.getOrDefault(unit.id(), Set.of());
    return units.contains(unit.id()) && !also.contains(ANY) && Collections.disjoint(also, tables);
  }

  /** What is on main as it was written. */
  public Landed(Set<Long> units, Map<TableId, Map<Key, Key>> renumbered) {
    this(units, renumbered, Set.of(), Set.of(), Map.of(), Map.of());
  }

  /** Takes copies. */
  public Landed {
    units = Set.copyOf(units);
    undone = Set.copyOf(undone);
    redone = Set.copyOf(redone);
    otherwise = Map.copyOf(otherwise);
    alsoChanged = Map.copyOf(alsoChanged);
    Map<TableId, Map<Key, Key>> copy = new HashMap<>();
    renumbered.forEach((table, keys) -> copy.put(table, Map.copyOf(keys)));
    renumbered = Map.copyOf(copy);
  }

  /** Main's key of a row that landed under another one than the branch's. */
  public Optional<Key> renumbered(TableId table, Key branchKey) {
    return Optional.ofNullable(renumbered.getOrDefault(table, Map.of()).get(branchKey));
  }

  /**
   * What takes a unit off main again; empty unless all that it wrote is there as it wrote it. Where
   * main had changed a row as well, what the branch had before is not what main had.
   */
  Optional<Unit> inverse(Unit unit) {
    List<Write> writes =
        unit.writes().reversed().stream().flatMap(write -> write.inverse().stream()).toList();
    boolean asWritten =
        isThere(unit)
            && writes.size() == unit.writes().size()
            && !redone.contains(unit.id())
            && !alsoChanged.containsKey(unit.id())
            && !hasOtherwise(unit, Optional.empty());
    return asWritten ? Optional.of(unit.with(writes)) : Optional.empty();
  }

  /** Whether it has landed, and was not undone. */
  boolean isThere(Unit unit) {
    return units.contains(unit.id()) && !undone.contains(unit.id());
  }

  /**
   * Whether cells of a unit landed with other values than it wrote.
   *
   * @param tables in which it matters; empty for any
   */
  public boolean hasOtherwise(Unit unit, Optional<Set<TableId>> tables) {
    Set<String> names = otherwise.getOrDefault(unit.id(), Set.of());
    Set<String> own =
        unit.shapes().stream().map(TableShape::qualifiedName).collect(Collectors.toSet());
    return !names.isEmpty()
        && (tables.isEmpty()
            // Main may have renamed what is none of the unit's tables.
            || !own.containsAll(names)
            || unit.shapes().stream()
                .filter(shape -> tables.get().contains(shape.id()))
                .anyMatch(shape -> names.contains(shape.qualifiedName())));
  }
}
