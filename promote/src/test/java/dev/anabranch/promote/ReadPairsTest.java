package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.promote.ReadPairs.Ground;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadPairsTest {

  private static final Unit FIRST = unit(1);
  private static final Unit SECOND = unit(2);
  private static final Ground GROUND = ground(Landed.NOTHING, FIRST, SECOND);

  private final ReadPairs pairs = new ReadPairs(GROUND, 4);
  private final List<BitSet> asked = new ArrayList<>();

  private static Unit unit(long id) {
    return new Unit(id, new BranchId(1), id, new Lsn(16 + id), Instant.EPOCH, List.of(), List.of());
  }

  private static Ground ground(Landed landed, Unit... units) {
    SchemaSnapshot schema =
        new SchemaSnapshot(
            new Lsn(1),
            Map.of(),
            Map.of(),
            "",
            List.of(),
            "",
            Rights.UNKNOWN,
            Map.of(),
            Map.of(),
            180006);
    List<Unit> all = List.of(units);
    return new Ground(
        new BranchHistory(
            new Lsn(1), List.of(), List.of(), all, landed, schema, schema, schema, List.of()),
        all,
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Traps.NONE);
  }

  private static BitSet places(int... places) {
    BitSet set = new BitSet();
    for (int place : places) {
      set.set(place);
    }
    return set;
  }

  /** Of every unit, the answers with even places are readers. */
  private BitSet readers(Unit unit, int... answers) {
    return pairs.readers(
        unit,
        places(answers),
        wanted -> {
          asked.add((BitSet) wanted.clone());
          BitSet found = new BitSet();
          wanted.stream().filter(place -> place % 2 == 0).forEach(found::set);
          return found;
        });
  }

  @Test
  void noPairIsAskedForTwice() {
    assertThat(readers(FIRST, 0, 1)).isEqualTo(places(0));
    assertThat(readers(FIRST, 1, 2, 3)).isEqualTo(places(2));
    assertThat(readers(FIRST, 0, 1, 2, 3)).isEqualTo(places(0, 2));
    assertThat(readers(FIRST, 3)).isEqualTo(places());
    assertThat(asked).containsExactly(places(0, 1), places(2, 3));
    assertThat(readers(SECOND, 0)).isEqualTo(places(0));
    assertThat(asked).hasSize(3);
  }

  @Test
  void ofAUnitThatWasExecutedAgainNothingIsKept() {
    Unit again = unit(1);
    readers(again, 0);
    readers(again, 0);
    readers(FIRST, 0);
    assertThat(asked).hasSize(3);
  }

  @Test
  void whatTakesTooMuchRoomIsFoundAgain() {
    ReadPairs large = new ReadPairs(GROUND, Integer.MAX_VALUE);
    for (int i = 0; i < 2; i++) {
      large.readers(
          FIRST,
          places(1),
          wanted -> {
            asked.add(wanted);
            return wanted;
          });
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void theyAreOfOneCheckAlone() {
    assertThat(pairs.areOf(GROUND)).isTrue();
    assertThat(pairs.areOf(ground(Landed.NOTHING, FIRST, SECOND)))
        .as("the same by what it holds, and read anew: main may have moved")
        .isFalse();
    assertThat(pairs.areOf(ground(Landed.NOTHING, FIRST, SECOND, unit(3))))
        .as("the branch has a unit more")
        .isFalse();
    assertThat(pairs.areOf(ground(new Landed(Set.of(1L), Map.of()), FIRST, SECOND)))
        .as("one of its units has landed")
        .isFalse();
    for (Ground other :
        List.of(
            changed(new HashMap<>(), Optional.empty(), Traps.NONE),
            changed(GROUND.changes(), Optional.of("clerk"), Traps.NONE),
            changed(GROUND.changes(), Optional.empty(), Traps.of(Trap.EACH_ROW_ALONE)))) {
      assertThat(pairs.areOf(other)).isFalse();
    }
  }

  private static Ground changed(
      Map<TableId, TableDelta> changes, Optional<String> actsAs, Traps traps) {
    return new Ground(
        GROUND.history(),
        GROUND.units(),
        changes,
        GROUND.footprints(),
        GROUND.reads(),
        GROUND.asked(),
        GROUND.owners(),
        actsAs,
        traps);
  }
}
