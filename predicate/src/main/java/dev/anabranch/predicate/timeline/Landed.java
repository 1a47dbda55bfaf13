package dev.anabranch.predicate.timeline;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a branch's work is on main already. It is main's since then: whoever asks again finds it
 * there, as it landed or as main has changed it since, and it is never laid over main another time.
 *
 * @param units the ids of the units that are on main
 * @param renumbered rows of theirs that have another key on main: by table, the branch's key to
 *     main's
 * @param undone the ids of those that were taken back again
 * @param otherwise the ids of those of which cells landed with other values than they wrote
 */
public record Landed(
    Set<Long> units,
    Map<TableId, Map<Key, Key>> renumbered,
    Set<Long> undone,
    Set<Long> otherwise) {

  public static final Landed NOTHING = new Landed(Set.of(), Map.of());

  /** What is on main as it was written. */
  public Landed(Set<Long> units, Map<TableId, Map<Key, Key>> renumbered) {
    this(units, renumbered, Set.of(), Set.of());
  }

  /** Takes copies. */
  public Landed {
    units = Set.copyOf(units);
    undone = Set.copyOf(undone);
    otherwise = Set.copyOf(otherwise);
    Map<TableId, Map<Key, Key>> copy = new HashMap<>();
    renumbered.forEach((table, keys) -> copy.put(table, Map.copyOf(keys)));
    renumbered = Map.copyOf(copy);
  }

  /** Main's key of a row that landed under another one than the branch's. */
  public Optional<Key> renumbered(TableId table, Key branchKey) {
    return Optional.ofNullable(renumbered.getOrDefault(table, Map.of()).get(branchKey));
  }
}
