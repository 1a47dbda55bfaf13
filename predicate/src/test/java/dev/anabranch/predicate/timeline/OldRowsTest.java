package dev.anabranch.predicate.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows that the log named by their key alone are completed where that is certain, else left. */
class OldRowsTest {

  private static final TableId TABLE = new TableId(1);
  private static final TableShape SHAPE =
      new TableShape(
          TABLE,
          "public",
          "price",
          List.of(new Column(1, "id", 23, -1, true), new Column(2, "note", 25, -1, false)));
  private static final Map<TableId, TableShape> TRUSTED = Map.of(TABLE, SHAPE);
  private static final String UNSENT = "?";

  private final List<Key> asked = new ArrayList<>();
  private final Map<Key, Image> atFork =
      new HashMap<>(
          Map.of(
              new Key(List.of("1")), row("1", "one"),
              new Key(List.of("2")), row("2", "two")));

  @Test
  void theFirstWriteFindsTheForksRowAndLaterOnesWhatEarlierOnesLeft() {
    assertThat(
            completed(
                TRUSTED,
                update(row("1", UNSENT), row("1", "uno")),
                update(row("1", UNSENT), row("3", UNSENT)),
                delete(row("3", UNSENT)),
                insert(row("1", "anew")),
                delete(row("1", UNSENT)),
                delete(row("2", UNSENT))))
        .containsExactly(
            update(row("1", "one"), row("1", "uno")),
            update(row("1", "uno"), row("3", "uno")),
            delete(row("3", "uno")),
            insert(row("1", "anew")),
            delete(row("1", "anew")),
            delete(row("2", "two")));
    assertThat(asked).containsExactlyInAnyOrder(new Key(List.of("1")), new Key(List.of("2")));
  }

  @Test
  void wholeWritesAskForNothing() {
    List<Write> whole = List.of(update(row("1", "one"), row("1", "uno")), delete(row("1", "uno")));
    assertThat(completed(TRUSTED, whole.toArray(Write[]::new))).isEqualTo(whole);
    assertThat(asked).isEmpty();
  }

  @Test
  void aRowThatIsNotWhereItShouldBeStaysUnknown() {
    Write lost = update(row("9", UNSENT), row("9", "nine"));
    assertThat(completed(TRUSTED, lost, delete(row("9", UNSENT))))
        .containsExactly(lost, delete(row("9", "nine")));
    assertThat(completed(TRUSTED, delete(row("1", "one")), delete(row("1", UNSENT))))
        .containsExactly(delete(row("1", "one")), delete(row("1", UNSENT)));
  }

  @Test
  void aTableThatIsNotTrustedStaysAsItIs() {
    Write key = delete(row("1", UNSENT));
    assertThat(completed(Map.of(), key)).containsExactly(key);
    assertThat(completed(Map.of(TABLE, with(new Column(2, "note", 23, -1, false))), key))
        .containsExactly(key);
    assertThat(completed(Map.of(TABLE, with()), key)).containsExactly(key);
    assertThat(asked).isEmpty();
  }

  @Test
  void nothingIsGuessedOfAnEmptiedTableOrWithoutAKey() {
    Write emptied = new Write.Truncate(TABLE, Lsn.ZERO);
    Write key = delete(row("1", UNSENT));
    assertThat(completed(TRUSTED, emptied, key)).containsExactly(emptied, key);
    Write nothing = update(row(UNSENT, UNSENT), row("1", "uno"));
    assertThat(completed(TRUSTED, nothing, key)).containsExactly(nothing, key);
    assertThat(asked).isEmpty();
  }

  private List<Write> completed(Map<TableId, TableShape> trusted, Write... writes) {
    List<Unit> units =
        Arrays.stream(writes)
            .map(write ->
                new Unit(
                    1, new BranchId(1), 1, Lsn.ZERO, Instant.EPOCH, List.of(SHAPE), List.of(write)))
            .toList();
    return OldRows.completed(units, trusted, this::images).stream()
        .flatMap(unit -> unit.writes().stream())
        .toList();
  }

  private Map<Key, Image> images(TableShape shape, Collection<Key> keys) {
    asked.addAll(keys);
    Map<Key, Image> found = new HashMap<>(atFork);
    found.keySet().retainAll(keys);
    return found;
  }

  private static TableShape with(Column... others) {
    List<Column> columns = new ArrayList<>(List.of(SHAPE.columns().getFirst()));
    columns.addAll(List.of(others));
    return new TableShape(TABLE, "public", "price", columns);
  }

  private static Write insert(Image after) {
    return new Write.Insert(TABLE, Lsn.ZERO, after);
  }

  private static Write update(Image before, Image after) {
    return new Write.Update(TABLE, Lsn.ZERO, before, after);
  }

  private static Write delete(Image before) {
    return new Write.Delete(TABLE, Lsn.ZERO, before);
  }

  private static Image row(String... cells) {
    return new Image(
        Arrays.stream(cells)
            .map(cell -> cell.equals(UNSENT) ? (Cell) Cell.Absent.UNCHANGED : Cell.of(cell))
            .toList());
  }
}
