package dev.anabranch.predicate.match;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds, among many versions of rows in one layout, those that may make a condition true, without
 * looking at the others. A column is put in order when it is first asked for.
 *
 * <p>What it finds is never too little: a version that it leaves out fails a comparison that the
 * condition can't do without. Whoever asks decides each that is found by {@link RowMatcher#decide}.
 */
public final class RowIndex {

  private final List<List<Image>> rows;
  private final Map<Probe.Column, Sorted> sorted = new HashMap<>();

  /**
   * @param rows the versions of each row, of which one that may match is enough
   */
  public RowIndex(List<List<Image>> rows) {
    this.rows = rows;
  }

  /** Places of the rows that may match. */
  public BitSet find(Condition condition, Layout layout, RowMatcher matcher) {
    Optional<Probe> best = Optional.empty();
    int least = Integer.MAX_VALUE;
    for (Probe probe : matcher.probes(condition, layout)) {
      int count = sorted(probe.column()).count(probe);
      if (count < least) {
        least = count;
        best = Optional.of(probe);
      }
    }
    if (best.isPresent()) {
      return sorted(best.get().column()).find(best.get());
    }
    BitSet all = new BitSet();
    all.set(0, rows.size());
    return all;
  }

  private Sorted sorted(Probe.Column column) {
    return sorted.computeIfAbsent(column, ignored -> new Sorted(column, rows));
  }

  /** The versions in the order of one column. */
  private static final class Sorted {

    private record Entry(SortKey key, int row) {}

    private final SortKey[] keys;
    private final int[] places;
    private final BitSet unknown = new BitSet();

    Sorted(Probe.Column column, List<List<Image>> rows) {
      List<Entry> entries = new ArrayList<>();
      for (int row = 0; row < rows.size(); row++) {
        for (Image version : rows.get(row)) {
          add(column, version.cells().get(column.place()), row, entries);
        }
      }
      entries.sort(Comparator.comparing(Entry::key));
      keys = entries.stream().map(Entry::key).toArray(SortKey[]::new);
      places = entries.stream().mapToInt(Entry::row).toArray();
    }

    /** A comparison with NULL is never true. */
    private void add(Probe.Column column, Cell cell, int row, List<Entry> entries) {
      switch (cell) {
        case Cell.Absent.NULL -> {}
        case Cell.Absent.UNCHANGED -> unknown.set(row);
        case Cell.Text(String text) ->
            SortKey.of(column.family(), ValueReader.read(column.typeOid(), text))
                .ifPresentOrElse(key -> entries.add(new Entry(key, row)), () -> unknown.set(row));
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
      return span.from().map(key -> first(key, false)).orElse(0);
    }

    private int end(Probe.Span span) {
      return span.to().map(key -> first(key, true)).orElse(keys.length);
    }

    /** The first entry that is not below a key; or that is above it. */
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
