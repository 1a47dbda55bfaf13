package dev.anabranch.promote.plan;

import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Keys of one table that are others on main than on the branch.
 *
 * @param table the table
 * @param keyColumns the key's columns, by number
 * @param keys the branch's key to main's
 */
public record Renumbering(TableId table, List<Integer> keyColumns, Map<Key, Key> keys) {
  public Renumbering {
    keyColumns = List.copyOf(keyColumns);
    keys = Map.copyOf(keys);
  }

  /** A key of these, its values in the order of the columns' numbers. */
  public Key inOrder(Key key) {
    return new Key(
        IntStream.range(0, keyColumns.size())
            .boxed()
            .sorted(Comparator.comparing(keyColumns::get))
            .map(key.values()::get)
            .toList());
  }
}
