package dev.anabranch.predicate.timeline;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The sets of units that one answer may have seen.
 *
 * <p>A unit that wrote to a row waited for the one that wrote to it before. So whoever saw the
 * later one saw the earlier one, and sets that do not keep to that are none that an answer can have
 * seen. A unit that may have been seen and does not bear on the answer is given as seen with all
 * that it follows, and not otherwise.
 */
final class Orders {

  /** Above this many sets, nothing is claimed. */
  static final int MAX_ALTERNATIVES = 16;

  private final Past past;
  private final WritesThatMatter scope;
  private final Set<Object> ownRows = new HashSet<>();
  private int ownPlace = -1;
  private final TreeMap<Integer, Visibility> looked = new TreeMap<>();
  private int surely;

  Orders(Past past, WritesThatMatter scope) {
    this.past = past;
    this.scope = scope;
  }

  /** The answer's own transaction, the unit at this place, had written that much. */
  void hadWritten(int place, Seen.Part part) {
    ownPlace = place;
    ownRows.addAll(past.rows(part));
    looked.put(place, Visibility.NOT_SEEN);
  }

  /** Every unit before this place was seen, unless {@link #of} says otherwise. */
  void sawAllBefore(int place) {
    surely = place;
  }

  /** In commit order. */
  void of(int place, Visibility visibility) {
    looked.put(place, visibility);
  }

  Placement placement(Optional<Seen.Part> own) {
    lookAtWhatCameBetween();
    settle();
    List<Set<Integer>> unseen = unseen();
    if (unseen.size() > MAX_ALTERNATIVES) {
      return new Placement.Unknown(
          "too many writes to rows that it may rest on were under way when it was asked");
    }
    return new Placement.Known(unseen.stream().map(out -> seen(out, own)).distinct().toList());
  }

  /**
   * One whose end nobody saw may come after others that were surely not seen, and is looked at
   * alone.
   */
  private void lookAtWhatCameBetween() {
    int last =
        looked.descendingMap().entrySet().stream()
            .filter(entry -> entry.getValue() != Visibility.NOT_SEEN)
            .mapToInt(Map.Entry::getKey)
            .findFirst()
            .orElse(surely);
    for (int place = surely; place < last; place++) {
      if (!looked.containsKey(place) && past.touches(place, scope)) {
        looked.put(place, Visibility.NOT_SEEN);
      }
    }
  }

  /** What is known from other units that wrote to the same rows. */
  private void settle() {
    Set<Object> seenLater = new HashSet<>();
    for (Map.Entry<Integer, Visibility> entry : looked.descendingMap().entrySet()) {
      if (entry.getKey() == ownPlace) {
        seenLater.addAll(ownRows);
        continue;
      }
      Set<?> rows = past.rows(entry.getKey());
      if (entry.getValue() == Visibility.UNCLEAR && !Collections.disjoint(rows, seenLater)) {
        entry.setValue(Visibility.SEEN);
      }
      if (entry.getValue() == Visibility.SEEN) {
        seenLater.addAll(rows);
      }
    }
  }

  /** A way to have seen some and not others: places, and rows whose later writes it can't be. */
  private record Way(Set<Integer> unseen, Set<Object> rowsUnseen) {

    Way copy() {
      return new Way(new TreeSet<>(unseen), new HashSet<>(rowsUnseen));
    }

    Way without(int place, Set<?> rows) {
      unseen.add(place);
      rowsUnseen.addAll(rows);
      return this;
    }
  }

  /** The places not seen, in each of the ways; one more than allowed when there are too many. */
  private List<Set<Integer>> unseen() {
    List<Way> ways = List.of(new Way(new TreeSet<>(), new HashSet<>()));
    for (Map.Entry<Integer, Visibility> entry : looked.entrySet()) {
      if (ways.size() > MAX_ALTERNATIVES) {
        break;
      }
      ways = next(ways, entry.getKey(), entry.getValue());
    }
    return ways.stream().map(Way::unseen).toList();
  }

  private List<Way> next(List<Way> ways, int place, Visibility visibility) {
    if (visibility == Visibility.SEEN) {
      return ways;
    }
    Set<?> rows = past.rows(place);
    boolean open = visibility == Visibility.UNCLEAR;
    boolean bears = open && scope.bears(past.units().get(place));
    List<Way> next = new ArrayList<>();
    for (Way way : ways) {
      boolean mayBeSeen = open && Collections.disjoint(rows, way.rowsUnseen);
      if (mayBeSeen) {
        next.add(bears ? way.copy() : way);
      }
      if (!mayBeSeen || bears) {
        next.add(way.without(place, rows));
      }
    }
    return next;
  }

  /** Trimmed, so that answers that saw the same of what they read are told to. */
  private Seen seen(Set<Integer> unseen, Optional<Seen.Part> own) {
    int upTo = looked.isEmpty() ? surely : Math.max(surely, looked.lastKey() + 1);
    while (upTo > 0 && (isUnseen(upTo - 1, unseen) || !past.touches(upTo - 1, scope))) {
      upTo--;
    }
    int end = upTo;
    Set<Integer> missing = new TreeSet<>();
    unseen.stream()
        .filter(place -> place < end && past.touches(place, scope))
        .forEach(missing::add);
    return new Seen(past, upTo, missing, own);
  }

  private boolean isUnseen(int place, Set<Integer> unseen) {
    return unseen.contains(place) || (place >= surely && !looked.containsKey(place));
  }
}
