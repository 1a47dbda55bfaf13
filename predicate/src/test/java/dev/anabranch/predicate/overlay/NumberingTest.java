package dev.anabranch.predicate.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Reference;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.overlay.RowThenAndNow.Conflict;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A row that drew a number which main has drawn too is laid over main under another one. */
class NumberingTest {

  private static final TableId SEQUENCE = new TableId(9);
  private static final TableShape ORDERS =
      shape(1, "o", new Column(1, "id", 23, -1, true), new Column(2, "c", 25, -1, false));
  private static final TableShape LINES =
      shape(
          2,
          "line",
          new Column(1, "o", 23, -1, true),
          new Column(2, "no", 23, -1, true),
          new Column(3, "item", 25, -1, false));

  private final List<Write> writes = new ArrayList<>();
  private final List<NewestRow> ofMain = new ArrayList<>();
  private long position = 70;

  private static TableShape shape(long id, String name, Column... columns) {
    return new TableShape(new TableId(id), "public", name, List.of(columns));
  }

  private static Image row(String... texts) {
    List<Cell> cells = new ArrayList<>();
    for (String text : texts) {
      cells.add(new Cell.Text(text));
    }
    return new Image(cells);
  }

  private void inserted(TableShape table, String... texts) {
    writes.add(new Write.Insert(table.id(), new Lsn(1), row(texts)));
  }

  private void onMain(String... texts) {
    Image row = row(texts);
    ofMain.add(new NewestRow(ORDERS.keyOf(row), Optional.of(row), new Lsn(2)));
  }

  private static Relation relation(
      TableShape shape, Map<Integer, TableId> generators, List<Reference> references) {
    return new Relation(
        shape,
        'r',
        'p',
        "",
        Set.of(),
        Set.of(),
        Map.of(),
        true,
        true,
        Set.of(),
        Map.of(),
        Map.of(),
        false,
        references,
        generators,
        List.of());
  }

  private static SchemaSnapshot schema(long position) {
    Map<TableId, Relation> relations =
        Map.of(
            ORDERS.id(),
            relation(ORDERS, Map.of(1, SEQUENCE), List.of()),
            LINES.id(),
            relation(LINES, Map.of(), List.of(new Reference(List.of(1), ORDERS.id(), List.of(1)))));
    return new SchemaSnapshot(
        new Lsn(1),
        relations,
        Map.of(),
        "",
        List.of(),
        "",
        Rights.UNKNOWN,
        Map.of(SEQUENCE, position),
        Map.of(),
        180000);
  }

  private Past past() {
    Unit unit =
        new Unit(1, new BranchId(1), 1, new Lsn(1), Instant.EPOCH, List.of(ORDERS, LINES), writes);
    return new Past(List.of(unit), Landed.NOTHING);
  }

  private Numbering numbering(Past past, Drawn drawn) {
    return Numbering.of(
        Map.of(SEQUENCE, drawn),
        past,
        schema(33),
        schema(position),
        table ->
            new TableDelta.Rows(
                table.equals(ORDERS.id()) ? ORDERS : LINES,
                table.equals(ORDERS.id()) ? ofMain : List.of()),
        Traps.NONE);
  }

  private List<RowThenAndNow> changes(TableShape shape, Drawn drawn) {
    Past past = past();
    Overlay overlay =
        new Overlay(
            shape,
            shape,
            Overlay.ofMain(shape.equals(ORDERS) ? ofMain : List.of(), Map.of()),
            past,
            numbering(past, drawn).names(),
            Traps.NONE);
    return overlay.mixed(new Seen(past, 1, Set.of(), Optional.empty()));
  }

  @Test
  void mainsRowCameAndTheBranchsIsAnotherWhateverTheyHold() {
    inserted(ORDERS, "34", "open");
    onMain("34", "open");
    List<RowThenAndNow> changes = changes(ORDERS, new Drawn(33, 34));
    // Under its number stands main's, the same to the letter: so the branch's is one more.
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().before()).isEmpty();
    assertThat(changes.getFirst().after().orElseThrow().cells().get(1))
        .isEqualTo(new Cell.Text("open"));
    assertThat(changes.getFirst().conflict()).isEqualTo(new Conflict.Cells(Set.of(0)));
  }

  @Test
  void whatNamesItIsUnsettledToo() {
    inserted(ORDERS, "34", "vip");
    inserted(LINES, "34", "1", "tea");
    onMain("34", "x");
    List<RowThenAndNow> changes = changes(LINES, new Drawn(33, 34));
    assertThat(changes)
        .anySatisfy(change -> {
          assertThat(change.after()).isEmpty();
          assertThat(change.key()).isEqualTo(new Key(List.of("34", "1")));
        });
    assertThat(changes)
        .anySatisfy(
            change -> assertThat(change.conflict()).isEqualTo(new Conflict.Cells(Set.of(0))));
  }

  @Test
  void aChosenNumberIsAConflict() {
    inserted(ORDERS, "34", "open");
    onMain("34", "open");
    assertThat(changes(ORDERS, new Drawn(40, 50)))
        .singleElement()
        .satisfies(change -> assertThat(change.conflict()).isInstanceOf(Conflict.Rows.class));
  }

  @Test
  void aNumberThatMainHasNotDrawnIsAConflict() {
    inserted(ORDERS, "34", "open");
    onMain("34", "open");
    position = 33;
    assertThat(changes(ORDERS, new Drawn(33, 34)))
        .singleElement()
        .satisfies(change -> assertThat(change.conflict()).isInstanceOf(Conflict.Rows.class));
  }

  @Test
  void aNumberThatNoRowOfMainsHasIsKept() {
    inserted(ORDERS, "34", "vip");
    onMain("35", "x");
    assertThat(changes(ORDERS, new Drawn(33, 34))).isEmpty();
  }
}
