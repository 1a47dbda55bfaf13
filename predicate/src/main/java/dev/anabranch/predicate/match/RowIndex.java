package dev.anabranch.predicate.match;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, among many versions of rows in one layout, those that may make a condition true, without
 * looking at the others. A column is put in order when it is first asked for.
 *
 * <p>What it finds is never too little: a row that it leaves out has no version that passes some
 * comparison which the condition can't do without. Whoever asks decides each that is found by
 * {@link RowMatcher#decide}.
 */
public final class RowIndex {

  /** Deciding a row costs about as much as taking so many from an index. */
  private static final int TAKEN_PER_DECIDED = 32;

  private final List<List<Image>> rows;
  private final Map<Probe.Column, Sorted> sorted = new HashMap<>();

  /**
   * @param rows the versions of each row, of which one that may match is enough
   */
  public RowIndex(List<List<Image>> rows) {
    this.rows = rows;
  }

  /** A probe, and how many versions answer it. */
  private record Way(Sorted column, Probe probe, int count) {
    static Way of(Sorted column, Probe probe) {
      return new Way(column, probe, column.count(probe));
    }

    BitSet find() {
      return column.find(probe);
    }
  }

  /** Places of the rows that may match. */
  public synchronized BitSet find(Condition condition, Layout layout, RowMatcher matcher) {
    List<Way> ways =
        matcher.probes(condition, layout).stream()
            .map(probe -> Way.of(sorted(probe.column()), probe))
            .sorted(Comparator.comparingInt(Way::count))
            .toList();
    if (ways.isEmpty()) {
      BitSet all = new BitSet();
      all.set(0, rows.size());
      return all;
    }
    BitSet found = ways.getFirst().find();
    for (Way way : ways.subList(1, ways.size())) {
      if (way.count() > (long) TAKEN_PER_DECIDED * found.cardinality()) {
        break;
      }
      found.and(way.find());
    }
    return found;
  }

  private Sorted sorted(Probe.Column column) {
    return sorted.computeIfAbsent(column, ignored -> new Sorted(column, rows));
  }

  /** The versions in the order of one column. Each text is read once, however many have it. */
  private static final class Sorted {

    /** A value, and a number for it. */
    private record Entry(SortKey key, int value) {}

    private final SortKey[] keys;
    private final int[] ends;
    private final int[] places;
    private final BitSet unknown = new BitSet();

    Sorted(Probe.Column column, List<List<Image>> rows) {
      Values values = new Values(rows);
      for (int row = 0; row < rows.size(); row++) {
        for (Image version : rows.get(row)) {
          switch (version.cells().get(column.place())) {
            // A comparison with NULL is never true.
            case Cell.Absent.NULL -> {}
            case Cell.Absent.UNCHANGED -> unknown.set(row);
            case Cell.Text(String text) -> values.add(text, row);
          }
        }
      }
      List<Entry> entries = new ArrayList<>();
      BitSet unread = new BitSet();
      values.numbers.forEach((text, number) ->
          SortKey.of(column.family(), ValueReader.read(column.typeOid(), text))
              .ifPresentOrElse(
                  key -> entries.add(new Entry(key, number)), () -> unread.set(number)));
      entries.sort(Comparator.comparing(Entry::key));
      keys = entries.stream().map(Entry::key).toArray(SortKey[]::new);
      ends = new int[keys.length];
      int[] next = new int[values.numbers.size()];
      int end = 0;
      for (int i = 0; i < keys.length; i++) {
        int value = entries.get(i).value();
        next[value] = end;
        end += values.counts[value];
        ends[i] = end;
      }
      places = new int[end];
      for (int i = 0; i < values.size; i++) {
        int value = values.valueOf[i];
        if (unread.get(value)) {
          unknown.set(values.rowOf[i]);
        } else {
          places[next[value]++] = values.rowOf[i];
        }
      }
    }

    /** Which row has which text. */
    private static final class Values {
      final Map<String, Integer> numbers = new HashMap<>();
      final int[] valueOf;
      final int[] rowOf;
      int[] counts = new int[16];
      int size;

      Values(List<List<Image>> rows) {
        int versions = rows.stream().mapToInt(List::size).sum();
        valueOf = new int[versions];
        rowOf = new int[versions];
      }

      void add(String text, int row) {
        int value = numbers.computeIfAbsent(text, ignored -> numbers.size());
        if (value == counts.length) {
          counts = Arrays.copyOf(counts, 2 * counts.length);
        }
        counts[value]++;
        valueOf[size] = value;
        rowOf[size++] = row;
      }
    }

    int count(Probe probe) {
      int count = 0;
      for (Probe.Span span : probe.spans()) {
        count += Math.max(0, end(span) - begin(span));
      }
      return count;
    }

    BitSet find(Probe probe) {
      BitSet found = (BitSet) unknown.clone();
      for (Probe.Span span : probe.spans()) {
        int end = end(span);
        for (int i = begin(span); i < end; i++) {
          found.set(places[i]);
        }
      }
      return found;
    }

    private int begin(Probe.Span span) {
      return before(span.from().map(key -> first(key, false)).orElse(0));
    }

    private int end(Probe.Span span) {
      return before(span.to().map(key -> first(key, true)).orElse(keys.length));
    }

    /** How many versions come before those of a key, given by its place. */
    private int before(int key) {
      return key == 0 ? 0 : ends[key - 1];
    }

    /** The first key that is not below another; or that is above it. */
    private int first(SortKey key, boolean above) {
      int low = 0;
      int high = keys.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        int order = keys[middle].compareTo(key);
        if (order < 0 || (above && order == 0)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
