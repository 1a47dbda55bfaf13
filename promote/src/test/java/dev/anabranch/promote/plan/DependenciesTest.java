package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can't land without what is held, against the plainest way to say it. */
class DependenciesTest {

  private static final int ROUNDS = 2_000;
  private static final int MOST_UNITS = 8;
  private static final int MOST_ANSWERS = 10;

  /**
   * Units that need others, rest on answers, and wrote what answers read.
   *
   * @param needs by unit, the later ones that need it
   * @param rests by unit, the answers that it rests on
   * @param reads by unit, the answers that have read it
   */
  private record Work(List<BitSet> needs, List<BitSet> rests, List<BitSet> reads) {

    static Work of(Random random) {
      int units = 1 + random.nextInt(MOST_UNITS);
      Work work = new Work(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int unit = 0; unit < units; unit++) {
        work.needs.add(some(random, unit + 1, units));
        work.rests.add(some(random, 0, MOST_ANSWERS));
        work.reads.add(some(random, 0, MOST_ANSWERS));
      }
      return work;
    }

    private static BitSet some(Random random, int from, int to) {
      BitSet set = new BitSet();
      for (int i = from; i < to; i++) {
        set.set(i, random.nextInt(5) == 0);
      }
      return set;
    }

    Dependencies told() {
      Dependencies told =
          new Dependencies(
              needs.size(),
              (unit, answers) -> {
                BitSet readers = (BitSet) reads.get(unit).clone();
                readers.and(answers);
                return readers;
              });
      for (int unit = 0; unit < needs.size(); unit++) {
        int earlier = unit;
        told.rests(unit, rests.get(unit));
        needs.get(unit).stream().forEach(later -> told.needs(later, earlier));
      }
      return told;
    }

    BitSet closure(BitSet seeds) {
      BitSet held = (BitSet) seeds.clone();
      int before = -1;
      while (held.cardinality() != before) {
        before = held.cardinality();
        for (int unit = held.nextSetBit(0); unit >= 0; unit = held.nextSetBit(unit + 1)) {
          held.or(needs.get(unit));
          for (int other = 0; other < rests.size(); other++) {
            if (rests.get(other).intersects(reads.get(unit))) {
              held.set(other);
            }
          }
        }
      }
      return held;
    }
  }

  @Test
  void theyAreAllThatRestsOnWhatIsHeld() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      Work work = Work.of(random);
      Dependencies told = work.told();
      for (int ask = 0; ask < 3; ask++) {
        BitSet seeds = Work.some(random, 0, work.needs().size());
        assertThat(told.closure(seeds)).as("seed " + seed).isEqualTo(work.closure(seeds));
      }
    }
  }
}
