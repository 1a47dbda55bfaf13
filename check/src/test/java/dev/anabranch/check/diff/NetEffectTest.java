package dev.anabranch.check.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What many writes of a row come to. */
class NetEffectTest {

  private static final Path NOWHERE = Path.of(System.getProperty("java.io.tmpdir"));
  private static final TableNames.Named NAMED = new TableNames.Named("public", "t", true, true);
  private static final TableShape KEYED = shape(true);
  private static final TableShape KEYLESS = shape(false);

  private final TableBook book = new TableBook(EnumSet.allOf(ChangedRow.Kind.class));
  private final int table = book.number(new TableId(1), NAMED);
  private final RowCodec codec = new RowCodec();
  private final NetEffect net = new NetEffect(NOWHERE, codec);
  private long place;

  private static TableShape shape(boolean keyed) {
    return new TableShape(
        new TableId(1),
        "public",
        "t",
        List.of(new Column(1, "id", 23, -1, keyed), new Column(2, "n", 25, -1, false)));
  }

  private static Optional<Side> row(TableShape shape, String id, Cell n) {
    return Optional.of(new Side(shape, new Image(List.of(new Cell.Text(id), n))));
  }

  private static Optional<Side> row(String id, String n) {
    return row(KEYED, id, new Cell.Text(n));
  }

  private void step(long unit, Optional<Side> before, Optional<Side> after) throws IOException {
    net.add(new RowStep(table, ++place, unit, true, before, after));
  }

  private List<ChangedRow> sum() throws IOException {
    return sum((number, shape, rows) -> Map.of());
  }

  private List<ChangedRow> sum(NetEffect.Fork fork) throws IOException {
    Comparator<ChangedRow> order = book.order(DiffRequest.Order.TIME);
    List<ChangedRow> rows = new ArrayList<>();
    try (net;
        SortedRows sorted = net.sum(book, fork, order)) {
      sorted.read(order, rows::add);
    }
    return rows;
  }

  @Test
  void aRowThatCameAndWentAgainIsNone() throws IOException {
    step(1, Optional.empty(), row("1", "a"));
    step(2, row("1", "a"), Optional.empty());
    assertThat(sum()).isEmpty();
  }

  @Test
  void whatWasSetBackIsNoChange() throws IOException {
    step(1, row("1", "a"), row("1", "b"));
    step(2, row("1", "b"), row("1", "a"));
    assertThat(sum()).isEmpty();
  }

  @Test
  void severalWritesAreOneChangeWithAllItsUnits() throws IOException {
    step(1, row("1", "a"), row("1", "b"));
    step(1, row("1", "b"), row("1", "c"));
    step(3, row("1", "c"), row("1", "d"));
    ChangedRow row = sum().getFirst();
    assertThat(row.before()).isEqualTo(row("1", "a"));
    assertThat(row.after()).isEqualTo(row("1", "d"));
    assertThat(row.units()).containsExactly(1L, 3L);
  }

  @Test
  void aRowThatWentStandsBeforeTheOneThatTookItsPlace() throws IOException {
    step(1, Optional.empty(), row("2", "b"));
    step(2, row("1", "a"), Optional.empty());
    step(3, row("3", "a"), row("3", "c"));
    assertThat(sum())
        .extracting(ChangedRow::kind)
        .containsExactly(ChangedRow.Kind.INSERT, ChangedRow.Kind.DELETE, ChangedRow.Kind.UPDATE);
  }

  @Test
  void rowsWithoutAKeyAreCounted() throws IOException {
    Optional<Side> alike = row(KEYLESS, "1", new Cell.Text("a"));
    step(1, Optional.empty(), alike);
    step(1, Optional.empty(), alike);
    step(2, alike, Optional.empty());
    step(2, Optional.empty(), alike);
    assertThat(sum()).hasSize(2).allMatch(row -> row.kind() == ChangedRow.Kind.INSERT);
  }

  @Test
  void whatWasNotLoggedIsAsItWasAtTheForkPoint() throws IOException {
    Optional<Side> byKey = row(KEYED, "1", Cell.Absent.UNCHANGED);
    step(1, byKey, row("1", "b"));
    step(2, byKey, Optional.empty());
    List<ChangedRow> rows =
        sum((number, shape, wanted) -> {
          Map<RowStep.Row, Side> sides = new HashMap<>();
          wanted.forEach(row -> sides.put(row, row("1", "a").orElseThrow()));
          return sides;
        });
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst().before()).isEqualTo(row("1", "a"));
    assertThat(rows.getFirst().after()).isEmpty();
  }

  @Test
  void whatIsNotAskedForChangesNothingButIsKnown() throws IOException {
    Optional<Side> byKey = row(KEYED, "1", Cell.Absent.UNCHANGED);
    net.add(new RowStep(table, 1, 1, false, Optional.empty(), row("1", "a")));
    net.add(new RowStep(table, 2, 2, true, byKey, row("1", "b")));
    net.add(new RowStep(table, 3, 3, false, row("1", "b"), row("1", "c")));
    ChangedRow row = sum().getFirst();
    assertThat(row.before()).isEqualTo(row("1", "a"));
    assertThat(row.after()).isEqualTo(row("1", "b"));
    assertThat(row.units()).containsExactly(2L);
  }

  @Test
  void whatWasWrittenBeforeATruncateIsVoid() throws IOException {
    step(1, row("1", "a"), row("1", "b"));
    book.empty(table, ++place, "emptied");
    step(1, Optional.empty(), row("1", "c"));
    assertThat(sum()).extracting(ChangedRow::kind).containsExactly(ChangedRow.Kind.INSERT);
  }

  /** More than fits into memory before anything is put aside. */
  @Property(tries = 20)
  void aStateAndItsChangesGiveTheNextState(@ForAll Random random) throws IOException {
    TableBook counted = new TableBook(EnumSet.allOf(ChangedRow.Kind.class));
    int number = counted.number(new TableId(1), NAMED);
    NetEffect effect = new NetEffect(NOWHERE, new RowCodec());
    TreeMap<String, Side> before = new TreeMap<>();
    int keys = 1 + random.nextInt(3000);
    for (int i = 0; i < keys; i += 2) {
      before.put("" + i, row("" + i, value(random)).orElseThrow());
    }
    TreeMap<String, Side> now = new TreeMap<>(before);
    for (int i = 1; i < 10_000; i++) {
      String key = "" + random.nextInt(keys);
      Optional<Side> was = Optional.ofNullable(now.get(key));
      Optional<Side> is =
          was.isPresent() && random.nextInt(3) == 0 ? Optional.empty() : row(key, value(random));
      effect.add(new RowStep(number, i, i / 7, true, was, is));
      is.ifPresentOrElse(side -> now.put(key, side), () -> now.remove(key));
    }
    Comparator<ChangedRow> order = counted.order(DiffRequest.Order.TABLE);
    TreeMap<String, Side> applied = new TreeMap<>(before);
    List<Long> places = new ArrayList<>();
    try (effect;
        SortedRows rows = effect.sum(counted, NetEffectTest::nothing, order)) {
      rows.read(
          order,
          row -> {
            String key = String.valueOf(row.last().name().getFirst().text());
            assertThat(row.before()).isEqualTo(Optional.ofNullable(applied.get(key)));
            assertThat(row.before()).isNotEqualTo(row.after());
            row.after().ifPresentOrElse(side -> applied.put(key, side), () -> applied.remove(key));
            places.add(row.place());
          });
    }
    assertThat(applied).isEqualTo(now);
    assertThat(places).isSorted();
  }

  private static Map<RowStep.Row, Side> nothing(
      int number, TableShape shape, Collection<RowStep.Row> rows) {
    return Map.of();
  }

  private static String value(Random random) {
    return String.valueOf((char) ('a' + random.nextInt(4))).repeat(1 + random.nextInt(40));
  }
}
