package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.footprint.Footprint;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Which answers may have read which units' writes, as far as a plan has asked.
 *
 * <p>There is a pair for each unit and each answer, and each plan asks for most of them, while a
 * person who decides fact by fact has plan after plan made of one and the same check. What is known
 * of a pair is kept for as long as nothing that it is found from is another: {@link Ground}. Of
 * units as they came out when they were executed again nothing is kept.
 */
final class ReadPairs {

  /** As many pairs of one branch as are kept: two bits each, 32 MB. */
  private static final long MOST = 1L << 27;

  /**
   * What pairs are found from. It is the same while a check says once more what an earlier one
   * said, because neither main nor the branch has moved; it is compared part by part as what it is,
   * and not by what it holds, so that what was made anew is another ground.
   *
   * @param history answers, units, definitions, and what has landed
   * @param units as they are planned
   * @param changes of main
   * @param footprints of the answers
   * @param reads the tables that statements read when they were executed again
   * @param asked the tables that main read for answers
   * @param owners whose transactions units were
   * @param actsAs whom the branch's client acts as
   * @param traps rules that are off
   */
  record Ground(
      BranchHistory history,
      List<Unit> units,
      Map<TableId, TableDelta> changes,
      Map<Long, Footprint> footprints,
      Map<Long, Set<TableId>> reads,
      Map<Long, Set<TableId>> asked,
      Map<Long, Ending> owners,
      Optional<String> actsAs,
      Traps traps) {

    static Ground of(CheckedBranch checked, Traps traps) {
      return new Ground(
          checked.history(),
          checked.units(),
          checked.changes().tables(),
          checked.footprints(),
          checked.reads(),
          checked.asked(),
          checked.owners(),
          checked.actsAs(),
          traps);
    }

    @SuppressWarnings("ReferenceEquality") // as said above
    boolean isStill(Ground other) {
      return history == other.history
          && units == other.units
          && changes == other.changes
          && footprints == other.footprints
          && reads == other.reads
          && asked == other.asked
          && owners == other.owners
          && actsAs.equals(other.actsAs)
          && traps.equals(other.traps);
    }
  }

  /** What is known of one unit: of which answers it was asked, and which of them are readers. */
  private record Known(BitSet asked, BitSet readers) {}

  private final Ground ground;
  private final Map<Long, Unit> planned = new HashMap<>();
  private final Lock lock = new ReentrantLock();
  private final Map<Long, Known> known = new HashMap<>(); // guarded by the lock

  /**
   * @param answers how many there are to read
   */
  ReadPairs(Ground ground, int answers) {
    this.ground = ground;
    if ((long) answers * ground.units().size() <= MOST) {
      ground.units().forEach(unit -> planned.put(unit.id(), unit));
    }
  }

  /** Whether all of it is as true of a check. */
  boolean areOf(Ground other) {
    return ground.isStill(other);
  }

  /**
   * Those of some answers that may have read a unit's writes.
   *
   * @param find finds them of answers of which it is not known
   */
  BitSet readers(Unit unit, BitSet answers, UnaryOperator<BitSet> find) {
    if (!isPlanned(unit)) {
      return find.apply(answers);
    }
    BitSet missing = (BitSet) answers.clone();
    BitSet readers = knownOf(unit, missing);
    if (!missing.isEmpty()) {
      BitSet found = find.apply(missing);
      keep(unit, missing, found);
      readers.or(found);
    }
    readers.and(answers);
    return readers;
  }

  @SuppressWarnings("ReferenceEquality") // one that was executed again has the same id
  private boolean isPlanned(Unit unit) {
    return planned.get(unit.id()) == unit;
  }

  /** The readers that are known; of the answers those are left that nobody has asked of. */
  private BitSet knownOf(Unit unit, BitSet answers) {
    lock.lock();
    try {
      Known one = known.get(unit.id());
      if (one == null) {
        return new BitSet();
      }
      answers.andNot(one.asked());
      return (BitSet) one.readers().clone();
    } finally {
      lock.unlock();
    }
  }

  private void keep(Unit unit, BitSet asked, BitSet readers) {
    lock.lock();
    try {
      Known one = known.computeIfAbsent(unit.id(), _ -> new Known(new BitSet(), new BitSet()));
      one.asked().or(asked);
      one.readers().or(readers);
    } finally {
      lock.unlock();
    }
  }
}
