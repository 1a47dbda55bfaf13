package dev.anabranch.check;

import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Leads a scratch copy of main through states of a branch's past, in order: from one to the next it
 * goes back only to where the two part, and lays over what the next one saw from there on.
 *
 * <p>Where a later state parts from the one that is being made, a savepoint is set; what no later
 * state will go back behind is committed. So each unit is laid over once for each way in which the
 * units before it were seen, however many states there are.
 */
final class Layers {

  private final Connection connection;
  private final WriteReplayer replayer;
  private final Past past;
  private final List<State> states;
  private final int[] partings;
  private final int[] lowerParting;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private final TakenOff takenOff;
  private int next;
  private int place;

  /**
   * Whole units of a past that were seen.
   *
   * @param upTo how many, in commit order
   * @param missing places of those among them that were not
   */
  record State(int upTo, SortedSet<Integer> missing) implements Comparable<State> {

    static State of(Seen seen) {
      return new State(seen.upTo(), new TreeSet<>(seen.missing()));
    }

    boolean sees(int unit) {
      return unit < upTo && !missing.contains(unit);
    }

    /** The first place at which the two are not the same. */
    int partsFrom(State other) {
      int parting = upTo == other.upTo ? Integer.MAX_VALUE : Math.min(upTo, other.upTo);
      for (int unit : missing) {
        if (unit < parting && !other.missing.contains(unit)) {
          parting = unit;
        }
      }
      for (int unit : other.missing) {
        if (unit < parting && !missing.contains(unit)) {
          parting = unit;
        }
      }
      return parting;
    }

    /** A state comes before all that go on from it. */
    @Override
    public int compareTo(State other) {
      int parting = partsFrom(other);
      if (parting == Integer.MAX_VALUE) {
        return 0;
      }
      if (parting >= upTo) {
        return -1;
      }
      if (parting >= other.upTo) {
        return 1;
      }
      return sees(parting) ? -1 : 1;
    }
  }

  /** A place to come back to. */
  private record Mark(int place, Savepoint savepoint, WriteReplayer.Noted noted) {}

  /**
   * @param states each to be made once, in this order, which must be their own
   * @param takenOff what of the past is on main and was taken off the copy; it is undone together
   *     with all that is made here, so that nothing is committed
   */
  Layers(
      Connection connection,
      WriteReplayer replayer,
      Past past,
      Collection<State> states,
      TakenOff takenOff) {
    this.takenOff = takenOff;
    this.connection = connection;
    this.replayer = replayer;
    this.past = past;
    this.states = List.copyOf(states);
    this.partings = new int[this.states.size()];
    this.lowerParting = new int[this.states.size()];
    for (int i = this.states.size() - 1; i >= 0; i--) {
      boolean last = i + 1 == partings.length;
      partings[i] = last ? -1 : this.states.get(i).partsFrom(this.states.get(i + 1));
      int lower = i + 1;
      while (lower < partings.length && partings[lower] >= partings[i]) {
        lower = lowerParting[lower];
      }
      lowerParting[i] = lower;
    }
  }

  /** Makes the next state. */
  void next() throws SQLException {
    if (next > 0) {
      goBackTo(partings[next - 1]);
    }
    State state = states.get(next);
    for (int parting : partingsAhead(next)) {
      layOver(state, parting);
      keep();
      marks.push(new Mark(parting, connection.setSavepoint(), replayer.noted()));
    }
    layOver(state, state.upTo());
    keep();
    next++;
  }

  /** What no later state goes back behind. */
  private void keep() throws SQLException {
    if (marks.isEmpty() && takenOff.isEmpty()) {
      connection.commit();
    }
  }

  private void goBackTo(int parting) throws SQLException {
    while (!marks.isEmpty() && place > parting) {
      Mark mark = marks.pop();
      connection.rollback(mark.savepoint());
      connection.releaseSavepoint(mark.savepoint());
      replayer.forgetSince(mark.noted());
      place = mark.place();
    }
  }

  /** Where later states part from this one before its end and after where the copy stands. */
  private SortedSet<Integer> partingsAhead(int from) {
    SortedSet<Integer> ahead = new TreeSet<>();
    int lowest = marks.isEmpty() ? -1 : marks.peek().place();
    for (int i = from; i + 1 < states.size() && partings[i] > lowest; i = lowerParting[i]) {
      if (partings[i] < states.get(from).upTo() && partings[i] >= place) {
        ahead.add(partings[i]);
      }
    }
    return ahead;
  }

  private void layOver(State state, int upTo) throws SQLException {
    List<Unit> units = new ArrayList<>();
    for (; place < upTo; place++) {
      Unit unit = past.units().get(place);
      if (state.sees(place) && (!past.isLanded(unit) || takenOff.units().contains(unit.id()))) {
        units.add(unit);
      }
    }
    replayer.apply(units);
  }
}
