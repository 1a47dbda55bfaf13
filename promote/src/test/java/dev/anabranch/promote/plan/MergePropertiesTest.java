package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class MergePropertiesTest {

  private static final Set<Integer> COLUMNS = Set.of(1, 2, 3, 4, 5);

  @Property
  void editsOfDifferentCellsMergeAsIfMadeOneAfterTheOtherInAnyOrder(
      @ForAll("rows") Row base, @ForAll("rows") Row other, @ForAll("masks") int mask) {
    Row branch = pick(base, other, mask);
    Row main = pick(base, other, ~mask);
    Row merged = apply(main, merge(base, branch, main));
    assertThat(merged).isEqualTo(other);
    assertThat(apply(branch, merge(base, main, branch))).isEqualTo(merged);
  }

  @Property
  void aMergeNeverLosesAnEditOfEitherSide(
      @ForAll("rows") Row base, @ForAll("rows") Row branch, @ForAll("rows") Row main) {
    Merge merge = merge(base, branch, main);
    if (merge instanceof Merge.Conflict(Set<Integer> columns, String why)) {
      assertThat(columns)
          .allSatisfy(column -> {
            assertThat(branch.cell(column))
                .isNotEqualTo(base.cell(column))
                .isNotEqualTo(main.cell(column));
            assertThat(main.cell(column)).isNotEqualTo(base.cell(column));
          });
      return;
    }
    Row merged = apply(main, merge);
    for (int column : COLUMNS) {
      if (!branch.cell(column).equals(base.cell(column))) {
        assertThat(merged.cell(column)).isEqualTo(branch.cell(column));
      } else {
        assertThat(merged.cell(column)).isEqualTo(main.cell(column));
      }
    }
  }

  @Property
  void mergingTwiceChangesNothingMore(
      @ForAll("rows") Row base, @ForAll("rows") Row branch, @ForAll("rows") Row main) {
    Merge merge = merge(base, branch, main);
    if (!(merge instanceof Merge.Conflict)) {
      Row merged = apply(main, merge);
      assertThat(merge(base, branch, merged)).isEqualTo(new Merge.Agreed());
    }
  }

  @Property
  void whatTheBranchSetBackIsNotLostToWhatMainSetMeanwhile(
      @ForAll("rows") Row base, @ForAll("rows") Row main, @ForAll("masks") int mask) {
    Set<Integer> written = new TreeSet<>(COLUMNS);
    written.removeIf(column -> (mask >> (column - 1) & 1) == 0);
    Set<Integer> meanwhile = new TreeSet<>(main.differenceFrom(base).keySet());
    meanwhile.retainAll(written);
    Merge merge =
        Merge.of(Optional.of(base), Optional.of(base), Optional.of(main), written, COLUMNS);
    if (meanwhile.isEmpty()) {
      assertThat(merge).isEqualTo(new Merge.Agreed());
    } else {
      assertThat(merge)
          .isInstanceOfSatisfying(
              Merge.Conflict.class,
              conflict -> assertThat(conflict.columns()).isEqualTo(meanwhile));
    }
    assertThat(Merge.of(Optional.of(base), Optional.of(base), Optional.empty(), written, COLUMNS))
        .isInstanceOf(written.isEmpty() ? Merge.Agreed.class : Merge.Conflict.class);
  }

  @Property
  void aRowThatBothInsertedIsAConflictWhateverItHolds(
      @ForAll("rows") Row branch, @ForAll("rows") Row main) {
    for (Row other : List.of(main, branch)) {
      assertThat(
              Merge.of(Optional.empty(), Optional.of(branch), Optional.of(other), COLUMNS, COLUMNS))
          .isInstanceOf(Merge.Conflict.class);
    }
  }

  private static Merge merge(Row base, Row branch, Row main) {
    return Merge.of(
        Optional.of(base),
        Optional.of(branch),
        Optional.of(main),
        branch.differenceFrom(base).keySet(),
        COLUMNS);
  }

  @Provide
  Arbitrary<Integer> masks() {
    return Arbitraries.integers().between(0, 31);
  }

  @Provide
  Arbitrary<Row> rows() {
    return Arbitraries.of("a", "b", "c", "")
        .injectNull(0.2)
        .list()
        .ofSize(5)
        .map(MergePropertiesTest::row);
  }

  private static Row row(List<String> texts) {
    NavigableMap<Integer, Cell> cells = new TreeMap<>();
    for (int i = 0; i < texts.size(); i++) {
      cells.put(i + 1, Cell.of(texts.get(i)));
    }
    return Row.ofCells(cells);
  }

  private static Row pick(Row base, Row other, int mask) {
    NavigableMap<Integer, Cell> cells = new TreeMap<>();
    for (int column : COLUMNS) {
      cells.put(column, (mask >> (column - 1) & 1) == 1 ? other.cell(column) : base.cell(column));
    }
    return Row.ofCells(cells);
  }

  private static Row apply(Row main, Merge merge) {
    return switch (merge) {
      case Merge.Agreed agreed -> main;
      case Merge.Update(Cells cells) -> {
        NavigableMap<Integer, CellValue> merged = new TreeMap<>(main.values());
        merged.putAll(cells);
        yield new Row(merged);
      }
      case Merge.Insert insert -> throw new AssertionError("an insert of a row that exists");
      case Merge.Delete delete -> throw new AssertionError("a delete nobody made");
      case Merge.Conflict conflict ->
          throw new AssertionError("a conflict of edits that do not meet: " + conflict);
      case Merge.Unfit unfit ->
          throw new AssertionError("a column that main does not have: " + unfit);
    };
  }
}
