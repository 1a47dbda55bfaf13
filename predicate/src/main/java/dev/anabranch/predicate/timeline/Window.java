package dev.anabranch.predicate.timeline;

import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in the commit order a snapshot divides what was seen from what was not.
 *
 * <p>Units of which it is not known when their transaction ended are no part of that and are looked
 * at one by one.
 */
final class Window {

  private final long[] endsBy;
  private final long[] beginsFrom;
  private final List<Integer> irregular = new ArrayList<>();

  Window(List<Owner> owners) {
    int count = owners.size();
    this.endsBy = new long[count];
    this.beginsFrom = new long[count];
    long latest = Long.MIN_VALUE;
    for (int place = 0; place < count; place++) {
      if (isRegular(owners.get(place))) {
        for (Ending ending : endings(owners.get(place))) {
          latest = Math.max(latest, ending.span().end());
        }
      } else {
        irregular.add(place);
      }
      endsBy[place] = latest;
    }
    long earliest = Long.MAX_VALUE;
    for (int place = count - 1; place >= 0; place--) {
      if (isRegular(owners.get(place))) {
        for (Ending ending : endings(owners.get(place))) {
          earliest = Math.min(earliest, ending.span().begin());
        }
      }
      beginsFrom[place] = earliest;
    }
  }

  private static boolean isRegular(Owner owner) {
    List<Ending> endings = endings(owner);
    return !endings.isEmpty()
        && endings.stream().noneMatch(ending -> ending.kind() == Ending.Kind.UNKNOWN);
  }

  private static List<Ending> endings(Owner owner) {
    return switch (owner) {
      case Owner.One(Ending ending) -> List.of(ending);
      case Owner.Unclear(List<Ending> endings) -> endings;
    };
  }

  /** All regular units before this place had ended before the snapshot was taken. */
  int allBefore(Span snapshot) {
    int low = 0;
    int high = endsBy.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (endsBy[middle] < snapshot.begin()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** No regular unit from this place on was about to end when the snapshot had been taken. */
  int noneFrom(Span snapshot) {
    int low = 0;
    int high = beginsFrom.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (beginsFrom[middle] > snapshot.end()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** Those between two places and all irregular ones, in order. */
  List<Integer> placesToLookAt(int from, int to) {
    List<Integer> places = new ArrayList<>();
    irregular.stream().filter(place -> place < from).forEach(places::add);
    for (int place = from; place < to; place++) {
      places.add(place);
    }
    irregular.stream().filter(place -> place >= to).forEach(places::add);
    return places;
  }
}
