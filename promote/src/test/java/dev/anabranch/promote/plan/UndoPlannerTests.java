package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The inverse of what a promotion wrote, over a main in memory. */
final class UndoPlannerTests {

  static final TableId ITEM = new TableId(20_000);
  private static final long INT4 = 23;

  private static TableShape shape(String... columns) {
    List<Column> all = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      all.add(new Column(i + 1, columns[i], INT4, -1, i == 0));
    }
    return new TableShape(ITEM, "public", "item", all);
  }

  private static MainTable table(TableShape shape, String... obstacles) {
    return new MainTable(
        shape,
        Map.of(),
        Map.of(),
        Set.of(),
        Set.of(Set.of(1)),
        Set.of(1),
        List.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(obstacles));
  }

  private static final TableShape SHAPE = shape("id", "a", "b");

  static Row row(@Nullable String... cells) {
    Map<Integer, Cell> row = new TreeMap<>();
    for (int i = 0; i < cells.length; i++) {
      row.put(i + 1, Cell.of(cells[i]));
    }
    return Row.ofCells(row);
  }

  /** What main has, by key. */
  private static MainRows main(Row... rows) {
    Map<RowRef, MainRow> found = new HashMap<>();
    for (Row row : rows) {
      found.put(new RowRef(ITEM, row.key(List.of(1))), new MainRow("7", row));
    }
    return new MainRows(found, new HashMap<>(), new HashMap<>());
  }

  private static UndoPlanner planner(MainTable now, List<Long> units, List<Written> written) {
    Footing footing =
        new Footing(
            Map.of(ITEM, new Footing.Standing(SHAPE, List.of(1))),
            new Ground(Map.of(), Map.of(), Optional.empty()),
            Map.of());
    return new UndoPlanner(
        new UndoInput(units, written, footing, Map.of(ITEM, now), List.of(), Traps.NONE));
  }

  static Plan plan(List<Long> units, List<Written> written, Row... main) {
    return planner(table(SHAPE), units, written).plan(main(main));
  }

  private static Written updated(Row before, Row after, Long... units) {
    return new Written.Updated(ITEM, before, after, List.of(units));
  }

  @Test
  void takesOutWhatWasInsertedAndPutsBackWhatWasDeleted() {
    Plan plan =
        plan(
            List.of(1L),
            List.of(
                new Written.Inserted(ITEM, row("1", "x", null), List.of(1L)),
                new Written.Deleted(ITEM, row("2", "y", "z"), List.of(1L))),
            row("1", "x", null));
    assertThat(plan.changes())
        .containsExactly(
            new RowChange.Delete(
                ITEM, row("1").key(List.of(1)), new MainRow("7", row("1", "x", null)), List.of(1L)),
            new RowChange.Insert(
                ITEM, row("2").key(List.of(1)), row("2", "y", "z").values(), List.of(1L)));
  }

  @Test
  void setsBackOnlyTheCellsThatAreAsTheyWereWritten() {
    Written both = updated(row("1", "x", "y"), row("1", "X", "Y"), 1L);
    Plan half = plan(List.of(1L), List.of(both), row("1", "X", "y"));
    assertThat(half.changes())
        .singleElement()
        .isInstanceOfSatisfying(
            RowChange.Update.class,
            update -> assertThat(update.cells()).isEqualTo(Map.of(2, CellValue.of("x"))));
    assertThat(plan(List.of(1L), List.of(both), row("1", "x", "y")).changes()).isEmpty();
    Plan edited = plan(List.of(1L), List.of(both), row("1", "X", "other"));
    assertThat(edited.changes()).isEmpty();
    assertThat(edited.held()).containsExactly(1L);
    assertThat(edited.facts().getFirst().main()).contains(Map.of("b", "other"));
  }

  @Test
  void aRowThatIsGoneIsNothingToTakeOutAndNothingToSetBack() {
    Written inserted = new Written.Inserted(ITEM, row("1", "x", "y"), List.of(1L));
    assertThat(plan(List.of(1L), List.of(inserted)).landing()).containsExactly(1L);
    Plan plan = plan(List.of(1L), List.of(updated(row("1", "x"), row("1", "X"), 1L)));
    assertThat(plan.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONFLICT);
    assertThat(plan.facts().getFirst().main()).isEmpty();
  }

  @Test
  void unitsThatShareARowStayTogetherAlsoOverOthers() {
    Plan plan =
        plan(
            List.of(1L, 2L, 3L, 4L),
            List.of(
                updated(row("1", "x"), row("1", "X"), 1L, 2L),
                updated(row("2", "x"), row("2", "X"), 2L, 3L),
                updated(row("3", "x"), row("3", "X"), 3L),
                updated(row("4", "x"), row("4", "X"), 4L)),
            row("1", "X", ""),
            row("2", "X", ""),
            row("3", "edited", ""),
            row("4", "X", ""));
    assertThat(plan.landing()).containsExactly(4L);
    assertThat(plan.facts()).hasSize(1);
    assertThat(plan.facts().getFirst().units()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aKeyIsFreeOnlyWhenTheUnitThatFreesItIsUndoneToo() {
    List<Written> written =
        List.of(
            new Written.Deleted(ITEM, row("1", "old", "o"), List.of(1L)),
            updated(row("2", "x", "y"), row("1", "x", "y"), 2L),
            updated(row("9", "x", "y"), row("9", "X", "y"), 2L));
    Plan free = plan(List.of(1L, 2L), written, row("1", "x", "y"), row("9", "X", "y"));
    assertThat(free.held()).isEmpty();
    assertThat(free.changes()).hasSize(3);
    Plan taken = plan(List.of(1L, 2L), written, row("1", "x", "y"), row("9", "!", "y"));
    assertThat(taken.landing()).isEmpty();
    assertThat(taken.facts()).hasSize(2);
    assertThat(taken.changes()).isEmpty();
  }

  @Test
  void aTableThatHasOtherColumnsNowHoldsRowsThatGoOrComeAsAWhole() {
    List<Written> written =
        List.of(
            new Written.Deleted(ITEM, row("2", "y", "z"), List.of(1L)),
            updated(row("1", "x"), row("1", "X"), 2L));
    Plan plan =
        planner(table(shape("id", "a", "b", "c")), List.of(1L, 2L), written)
            .plan(main(row("1", "X", "b", "c")));
    assertThat(plan.landing()).containsExactly(2L);
    assertThat(plan.facts().getFirst().kind()).isEqualTo(Fact.Kind.CONSTRAINT);
    Plan obstructed =
        planner(table(SHAPE, "its trigger t fires always"), List.of(1L, 2L), written)
            .plan(main(row("1", "X", "b")));
    assertThat(obstructed.landing()).isEmpty();
    assertThat(obstructed.facts()).hasSize(1);
  }

  @Test
  void aKeyThatIsNoneAnyMoreHoldsItsUnit() {
    MainRows rows = main();
    rows.refused().put(new RowRef(ITEM, row("1").key(List.of(1))), "no such key");
    Plan plan =
        planner(table(SHAPE), List.of(1L), List.of(updated(row("1", "x"), row("1", "X"), 1L)))
            .plan(rows);
    assertThat(plan.held()).containsExactly(1L);
    assertThat(plan.facts()).anySatisfy(f -> assertThat(f.sentence()).contains("no such key"));
  }
}
