package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which columns of main combine when both sides have changed them, and how. What a statement does
 * to the value that it finds there is no reading of it, as long as it does nothing else with it.
 *
 * @param columns by table and number
 */
public record Combining(Map<TableId, Map<Integer, Rule>> columns) {

  /** No column does. */
  public static final Combining NONE = new Combining(Map.of());

  /** How a column combines. */
  public enum Kind {
    COUNTER,
    SET,
    MAP,
    MAX,
    MIN,
    TEXT
  }

  /**
   * The rule of one column.
   *
   * @param version a later one took its place
   */
  public record Rule(Kind kind, long version) {}

  public Combining {
    columns = Map.copyOf(columns);
  }

  /**
   * Those of tables that stand alone: what is said to a parent is said to its children and
   * partitions too, and not by what their columns are there.
   */
  public Combining alone(SchemaSnapshot schema) {
    Set<TableId> related = new HashSet<>();
    schema
        .relations()
        .forEach((table, relation) -> {
          if (!relation.children().isEmpty()) {
            related.add(table);
            related.addAll(relation.children());
          }
        });
    Map<TableId, Map<Integer, Rule>> left = new HashMap<>(columns);
    left.keySet().removeAll(related);
    return left.size() == columns.size() ? this : new Combining(left);
  }

  /** The places in a table's rows where sums stand: two sides that have the same may not agree. */
  public Set<Integer> sums(TableShape shape) {
    return of(shape.id()).entrySet().stream()
        .filter(column -> column.getValue().kind() == Kind.COUNTER)
        .map(column -> shape.indexOf(column.getKey()))
        .filter(place -> place >= 0)
        .collect(Collectors.toSet());
  }

  /** The rules of a table's columns, by number. */
  public Map<Integer, Rule> of(TableId table) {
    return columns.getOrDefault(table, Map.of());
  }
}
