package dev.anabranch.predicate.match;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the columns that a statement names are in the images of a table: the named table itself, or
 * a child or partition of it, whose columns are the same by name and may differ in number.
 */
public final class Layout {

  private final Map<Integer, Integer> indexByNumber;
  private final List<Long> types;

  /** Of no columns. */
  static final Layout NONE = new Layout(Map.of(), List.of());

  private Layout(Map<Integer, Integer> indexByNumber, List<Long> types) {
    this.indexByNumber = indexByNumber;
    this.types = types;
  }

  /**
   * @param named the table that the statement names
   * @param stored the table that has the rows, which may be the same
   */
  public static Layout of(TableShape named, TableShape stored) {
    Map<Integer, Integer> indexes = new HashMap<>();
    for (Column column : named.columns()) {
      for (int i = 0; i < stored.columns().size(); i++) {
        if (stored.columns().get(i).name().equals(column.name())) {
          indexes.put(column.number(), i);
        }
      }
    }
    return new Layout(Map.copyOf(indexes), stored.columns().stream().map(Column::typeOid).toList());
  }

  /** A place in the images, or -1. */
  public int indexOf(int columnNumber) {
    return indexByNumber.getOrDefault(columnNumber, -1);
  }

  long typeOf(int index) {
    return types.get(index);
  }
}
