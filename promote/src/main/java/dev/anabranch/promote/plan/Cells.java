package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableShape;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Cells by column number ({@code attnum}), in ascending order; never changed. A promotion has
 * millions of them, so they are two arrays, and rows of one layout share the first.
 */
public final class Cells extends AbstractMap<Integer, CellValue> {

  private static final Cells NONE = new Cells(new int[0], new CellValue[0]);

  private final int[] columns;
  private final CellValue[] values;

  private Cells(int[] columns, CellValue[] values) {
    this.columns = columns;
    this.values = values;
  }

  public static Cells none() {
    return NONE;
  }

  /** A copy of a map. */
  public static Cells of(Map<Integer, CellValue> cells) {
    if (cells instanceof Cells same) {
      return same;
    }
    SortedMap<Integer, CellValue> sorted =
        cells instanceof SortedMap<Integer, CellValue> already ? already : new TreeMap<>(cells);
    int[] columns = new int[sorted.size()];
    CellValue[] values = new CellValue[columns.length];
    int next = 0;
    for (Map.Entry<Integer, CellValue> cell : sorted.entrySet()) {
      columns[next] = cell.getKey();
      values[next++] = cell.getValue();
    }
    return new Cells(columns, values);
  }

  /**
   * Makes cells of values that come in some order of columns.
   *
   * @param order the columns, each once
   */
  public static Function<List<Cell>, Cells> reader(List<Integer> order) {
    int[] columns = order.stream().mapToInt(Integer::intValue).sorted().toArray();
    int[] places = Arrays.stream(columns).map(order::indexOf).toArray();
    return cells -> {
      CellValue[] values = new CellValue[columns.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = CellValue.of(cells.get(places[i]));
      }
      return new Cells(columns, values);
    };
  }

  /** Makes rows of images of one layout. */
  static Function<Image, Row> rowsOf(TableShape layout) {
    Function<List<Cell>, Cells> reader =
        reader(layout.columns().stream().map(column -> column.number()).toList());
    return image -> new Row(reader.apply(image.cells()));
  }

  /** The same cells, with what is the same in another row of these columns kept once for both. */
  public Cells sharing(Cells other) {
    if (!Arrays.equals(columns, other.columns)) {
      return this;
    }
    CellValue[] shared = values.clone();
    for (int i = 0; i < shared.length; i++) {
      if (shared[i].equals(other.values[i])) {
        shared[i] = other.values[i];
      }
    }
    return new Cells(other.columns, shared);
  }

  /** What a column holds, or null when it is none of these. */
  @Nullable CellValue in(int column) {
    int place = Arrays.binarySearch(columns, column);
    return place < 0 ? null : values[place];
  }

  /** The cells of some columns. */
  public Cells only(IntPredicate kept) {
    return filtered((column, value) -> kept.test(column));
  }

  /** The cells that another row does not have, or has differently. */
  Cells differenceFrom(Cells other) {
    if (Arrays.equals(columns, other.columns)) {
      return differenceFromSameLayout(other);
    }
    return filtered((column, value) -> !value.equals(other.in(column)));
  }

  private Cells differenceFromSameLayout(Cells other) {
    int found = 0;
    boolean[] differs = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      differs[i] = !values[i].equals(other.values[i]);
      found += differs[i] ? 1 : 0;
    }
    return picked(differs, found);
  }

  private interface Test {
    boolean keeps(int column, CellValue value);
  }

  private Cells filtered(Test test) {
    int found = 0;
    boolean[] kept = new boolean[values.length];
    for (int i = 0; i < values.length; i++) {
      kept[i] = test.keeps(columns[i], values[i]);
      found += kept[i] ? 1 : 0;
    }
    return picked(kept, found);
  }

  private Cells picked(boolean[] kept, int count) {
    if (count == values.length) {
      return this;
    }
    if (count == 0) {
      return NONE;
    }
    int[] some = new int[count];
    CellValue[] theirs = new CellValue[count];
    for (int i = 0, next = 0; i < kept.length; i++) {
      if (kept[i]) {
        some[next] = columns[i];
        theirs[next++] = values[i];
      }
    }
    return new Cells(some, theirs);
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public @Nullable CellValue get(@Nullable Object column) {
    return column instanceof Integer number ? in(number) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object column) {
    return get(column) != null;
  }

  @Override
  public Set<Map.Entry<Integer, CellValue>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return values.length;
      }

      @Override
      public Iterator<Map.Entry<Integer, CellValue>> iterator() {
        return new InOrder();
      }
    };
  }

  private final class InOrder implements Iterator<Map.Entry<Integer, CellValue>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < values.length;
    }

    @Override
    public Map.Entry<Integer, CellValue> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return Map.entry(columns[next], values[next++]);
    }
  }
}
