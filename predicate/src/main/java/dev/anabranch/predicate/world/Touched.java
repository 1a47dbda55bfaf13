package dev.anabranch.predicate.world;

import dev.anabranch.base.TableId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The relations that an execution read or wrote, whatever functions and triggers hid them: those
 * that its transaction holds locks on, or has scanned.
 *
 * @param relations tables, views and catalogs; never too few, unless {@code wholly} is false, but
 *     perhaps some that only laying the branch's writes over main touched
 * @param used those of them that it used itself
 * @param read those of them whose rows it may have read; a row that is added is not read
 * @param drawn the numbers that it can have drawn from sequences
 * @param wholly false when a part of it was rolled back, whose locks are gone
 */
public record Touched(
    Set<TableId> relations,
    Set<TableId> used,
    Set<TableId> read,
    List<Range> drawn,
    boolean wholly) {
  public Touched {
    relations = Set.copyOf(relations);
    used = Set.copyOf(used);
    read = Set.copyOf(read);
    drawn = List.copyOf(drawn);
  }

  /** Where a sequence stood before and after; both may have been drawn. */
  public record Range(long least, long most) {
    boolean holds(long number) {
      return least <= number && number <= most;
    }
  }

  /** Whether a number is one that it drew from a sequence. */
  public boolean drew(String number) {
    try {
      long value = Long.parseLong(number);
      return drawn.stream().anyMatch(range -> range.holds(value));
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * Without what only laying writes over main touched. Of what was rolled back the locks are gone;
   * the tables that it scanned are known all the same.
   */
  public Touched byItself() {
    return new Touched(used, used, read, drawn, true);
  }

  /** What two executions touched together. */
  public Touched and(Touched other) {
    return new Touched(
        both(relations, other.relations),
        both(used, other.used),
        both(read, other.read),
        Stream.concat(drawn.stream(), other.drawn.stream()).toList(),
        wholly && other.wholly);
  }

  private static Set<TableId> both(Set<TableId> one, Set<TableId> other) {
    Set<TableId> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }
}
