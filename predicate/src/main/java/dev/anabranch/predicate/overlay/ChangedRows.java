package dev.anabranch.predicate.overlay;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Layout;
import dev.anabranch.predicate.match.RowIndex;
import dev.anabranch.predicate.match.RowMatcher;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Main's own changes to one table, to be found by what an answer reads. More changes make another
 * one, which shares what is in order already.
 */
public final class ChangedRows {

  /** With more parts, or with later parts this much of the first, all are put in order anew. */
  private static final int MOST_PARTS = 8;

  private static final double MOST_LATER = 0.25;

  private final List<Part> parts;
  private final BitSet touched;
  private final boolean cameOrWent;

  /** Changes that were put in order together, and which of them later ones have replaced. */
  private record Part(
      List<RowThenAndNow> changes, Map<Key, Integer> places, RowIndex index, BitSet replaced) {

    static Part of(List<RowThenAndNow> changes) {
      Map<Key, Integer> places = HashMap.newHashMap(changes.size());
      for (int i = 0; i < changes.size(); i++) {
        places.put(changes.get(i).key(), i);
      }
      return new Part(
          List.copyOf(changes),
          places,
          new RowIndex(
              changes.stream()
                  .map(change ->
                      Stream.concat(change.before().stream(), change.after().stream()).toList())
                  .toList()),
          new BitSet());
    }

    Part without(List<RowThenAndNow> later) {
      BitSet all = (BitSet) replaced.clone();
      later.forEach(change -> {
        Integer place = places.get(change.key());
        if (place != null) {
          all.set(place);
        }
      });
      return new Part(changes, places, index, all);
    }

    Optional<RowThenAndNow> of(Key key) {
      return Optional.ofNullable(places.get(key))
          .filter(place -> !replaced.get(place))
          .map(changes::get);
    }

    int size() {
      return changes.size() - replaced.cardinality();
    }

    void add(BitSet found, List<RowThenAndNow> to) {
      found.andNot(replaced);
      for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
        to.add(changes.get(i));
      }
    }

    void addAll(List<RowThenAndNow> to) {
      BitSet all = new BitSet();
      all.set(0, changes.size());
      add(all, to);
    }
  }

  private ChangedRows(List<Part> parts, BitSet touched, boolean cameOrWent) {
    this.parts = List.copyOf(parts);
    this.touched = touched;
    this.cameOrWent = cameOrWent;
  }

  /** Of changes in one layout, each key once. */
  public static ChangedRows of(List<RowThenAndNow> changes) {
    return new ChangedRows(
        List.of(Part.of(changes)), touched(changes), changes.stream().anyMatch(ChangedRows::moved));
  }

  /** With later changes of these and other rows, of which the later ones count. */
  public ChangedRows with(List<RowThenAndNow> later) {
    List<Part> all = new ArrayList<>();
    parts.forEach(part -> all.add(part.without(later)));
    all.add(Part.of(later));
    int first = all.getFirst().size();
    int others = all.stream().skip(1).mapToInt(Part::size).sum();
    if (all.size() > MOST_PARTS || others > MOST_LATER * first) {
      List<RowThenAndNow> whole = new ArrayList<>();
      all.forEach(part -> part.addAll(whole));
      return of(whole);
    }
    BitSet places = (BitSet) touched.clone();
    places.or(touched(later));
    return new ChangedRows(all, places, cameOrWent || later.stream().anyMatch(ChangedRows::moved));
  }

  private static boolean moved(RowThenAndNow change) {
    return change.before().isEmpty() || change.after().isEmpty();
  }

  private static BitSet touched(List<RowThenAndNow> changes) {
    BitSet touched = new BitSet();
    for (RowThenAndNow change : changes) {
      if (!moved(change)) {
        Image before = change.before().orElseThrow();
        Image after = change.after().orElseThrow();
        for (int place = 0; place < before.cells().size(); place++) {
          if (!before.sameAt(place, after)) {
            touched.set(place);
          }
        }
      }
    }
    return touched;
  }

  public List<RowThenAndNow> all() {
    List<RowThenAndNow> all = new ArrayList<>();
    parts.forEach(part -> part.addAll(all));
    return all;
  }

  /** Those of these keys. */
  public Stream<RowThenAndNow> of(Set<Key> keys) {
    return keys.stream().flatMap(key -> parts.stream().flatMap(part -> part.of(key).stream()));
  }

  public boolean isEmpty() {
    return size() == 0;
  }

  public int size() {
    return parts.stream().mapToInt(Part::size).sum();
  }

  /** Whether some row came, went, or may have another cell at one of these places. */
  public boolean differAt(List<Integer> places) {
    return cameOrWent || places.stream().anyMatch(touched::get);
  }

  /** Those that may match, before or after, and perhaps others. */
  public List<RowThenAndNow> mayMatch(Condition condition, Layout layout, RowMatcher matcher) {
    List<RowThenAndNow> found = new ArrayList<>();
    parts.forEach(part -> part.add(part.index().find(condition, layout, matcher), found));
    return found;
  }
}
