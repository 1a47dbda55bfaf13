package dev.anabranch.predicate.rule;

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
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.Rights;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Relation;
import dev.anabranch.predicate.footprint.Columns;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Mentions;
import dev.anabranch.predicate.footprint.Occurrence;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether a row that main changed between a check and a commit bears on {@code SELECT qty … WHERE
 * room = 7}: rows are id, room, qty and a note that nobody reads.
 */
class WindowTest {

  private static final TableId SHELF = new TableId(1);
  private static final TableShape SHAPE =
      new TableShape(
          SHELF,
          "public",
          "shelf",
          List.of(
              new Column(1, "id", ValueReader.INT4, -1, true),
              new Column(2, "room", ValueReader.INT4, -1, false),
              new Column(3, "qty", ValueReader.INT4, -1, false),
              new Column(4, "note", ValueReader.INT4, -1, false)));
  private static final Key ROW = new Key(List.of("1"));

  private final Reading reading =
      new Reading(
          new SchemaSnapshot(
              new Lsn(1),
              Map.of(
                  SHELF,
                  new Relation(
                      SHAPE, 'r', 'p', "", Set.of(), Set.of(), Map.of(), true, false, Set.of(),
                      Map.of(), Map.of(), false, List.of(), Map.of(), List.of())),
              Map.of(),
              "",
              List.of(),
              "",
              Rights.UNKNOWN,
              Map.of(),
              Map.of(),
              180006));

  private static final Footprint ROOM_SEVEN =
      new Footprint.Reads(
          List.of(
              new Occurrence(
                  SHELF,
                  true,
                  new Columns.Some(new TreeSet<>(Set.of(2, 3))),
                  new Condition.Compare(
                      Comparison.EQ,
                      Family.INTEGER,
                      new Scalar.ColumnOf(2, ValueReader.INT4),
                      new Scalar.Literal(new Value.Whole(7))))),
          new Traits(
              Set.of(SHELF),
              Optional.empty(),
              false,
              false,
              new Repeat.Same(),
              Optional.empty(),
              new Mentions(Set.of(), false, false, Set.of(), Set.of(), Set.of(), false, Set.of()),
              Traits.RowOrder.NONE,
              Optional.empty()),
          Optional.empty());

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        // was, is, bears
        "1 8 5 0, 1 9 5 0, false",
        "1 7 5 0, 1 7 5 3, false",
        "1 7 5 0, 1 7 6 0, true",
        "1 7 5 0, 1 9 5 0, true",
        "1 9 5 0, 1 7 5 0, true",
        "none, 1 7 5 0, true",
        "none, 1 8 5 0, false",
        "1 7 5 0, none, true",
        "1 8 5 0, none, false",
        "none, none, false"
      })
  void aRowBearsWhereItIsReadAndDiffersInThat(String was, String is, boolean bears) {
    assertThat(bears(is, knowing(was), List.of())).isEqualTo(bears);
  }

  @ParameterizedTest
  @CsvSource({"1 8 5 0", "1 7 5 0"})
  void aRowBearsOfWhichNothingIsKnownFromBefore(String is) {
    assertThat(bears(is, RowsBefore.UNKNOWN, List.of())).isTrue();
  }

  @Test
  void aRowThatTheBranchWroteBears() {
    Unit unit =
        new Unit(
            1,
            new BranchId(1),
            1,
            new Lsn(2),
            Instant.EPOCH,
            List.of(SHAPE),
            List.of(new Write.Insert(SHELF, new Lsn(1), image("1 8 5 0").orElseThrow())));
    assertThat(bears("1 9 5 0", knowing("1 8 5 0"), List.of(unit))).isTrue();
  }

  /** Every row before and after; with what was before forgotten, the answers say otherwise. */
  @Test
  void whatDoesNotBearLeavesTheAnswerAlone() {
    assertThat(falsehoods(WindowTest::knowing)).isEmpty();
    assertThat(falsehoods(was -> RowsBefore.UNKNOWN)).isEmpty();
    assertThat(falsehoods(was -> knowing(null))).isNotEmpty();
    assertThat(falsehoods(was -> knowing("1 8 5 0"))).isNotEmpty();
  }

  /** The changes that are said not to bear, although the answer is another. */
  private List<String> falsehoods(Function<@Nullable String, RowsBefore> before) {
    List<String> found = new ArrayList<>();
    for (String was : rows()) {
      for (String is : rows()) {
        if (!answer(was).equals(answer(is)) && !bears(is, before.apply(was), List.of())) {
          found.add(was + " -> " + is);
        }
      }
    }
    return found;
  }

  private static List<@Nullable String> rows() {
    List<@Nullable String> rows = new ArrayList<>();
    rows.add(null);
    for (String room : List.of("7", "8", "null")) {
      for (String qty : List.of("5", "6", "null")) {
        for (String note : List.of("0", "3")) {
          rows.add(String.join(" ", "1", room, qty, note));
        }
      }
    }
    return rows;
  }

  private static List<String> answer(@Nullable String row) {
    return row != null && row.split(" ")[1].equals("7") ? List.of(row.split(" ")[2]) : List.of();
  }

  private boolean bears(@Nullable String is, RowsBefore before, List<Unit> ofBranch) {
    return reading.mayBear(
        ROOM_SEVEN,
        List.of(),
        new Delta(
            new Lsn(1),
            new Lsn(9),
            Map.of(
                SHELF,
                new TableDelta.Rows(SHAPE, List.of(new NewestRow(ROW, image(is), new Lsn(5)))))),
        new WrittenKeys(ofBranch),
        before);
  }

  private static RowsBefore knowing(@Nullable String was) {
    return (shape, keys) -> Map.of(ROW, image(was));
  }

  private static Optional<Image> image(@Nullable String cells) {
    return Optional.ofNullable(cells)
        .map(row ->
            new Image(
                List.of(row.split(" ")).stream()
                    .map(cell -> Cell.of(cell.equals("null") ? null : cell))
                    .toList()));
  }
}
