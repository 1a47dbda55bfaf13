package dev.anabranch.predicate.match;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableShape;
import java.util.Arrays;
import java.util.List;

/**
 * Where the columns that a statement names are in the images of a table: the named table itself, or
 * a child or partition of it, whose columns are the same by name and may differ in number.
 */
public final class Layout {

  /** By column number, the place or -1: this is asked for every cell that is compared. */
  private final int[] places;

  private final List<Long> types;

  /** Of no columns. */
  static final Layout NONE = new Layout(new int[0], List.of());

  private Layout(int[] places, List<Long> types) {
    this.places = places;
    this.types = types;
  }

  /**
   * @param named the table that the statement names
   * @param stored the table that has the rows, which may be the same
   */
  public static Layout of(TableShape named, TableShape stored) {
    int[] places = new int[1 + named.columns().stream().mapToInt(Column::number).max().orElse(0)];
    Arrays.fill(places, -1);
    for (Column column : named.columns()) {
      for (int i = 0; i < stored.columns().size(); i++) {
        if (stored.columns().get(i).name().equals(column.name())) {
          places[column.number()] = i;
        }
      }
    }
    return new Layout(places, stored.columns().stream().map(Column::typeOid).toList());
  }

  /** A place in the images, or -1. */
  public int indexOf(int columnNumber) {
    return columnNumber >= 0 && columnNumber < places.length ? places[columnNumber] : -1;
  }

  long typeOf(int index) {
    return types.get(index);
  }
}
