package dev.anabranch.predicate.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What the index leaves out can't match, and for the usual conditions it leaves nearly all out. */
class RowIndexTest {

  private record Kind(Family family, long type, List<String> texts) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(Family.INTEGER, ValueReader.INT4, List.of("-7", "0", "1", "2", "300", "x")),
          new Kind(
              Family.NUMERIC,
              ValueReader.NUMERIC,
              List.of("1", "1.0", "1.00", "-2.5", "NaN", "Infinity", "0", "0.0", "1e5")),
          new Kind(
              Family.FLOAT, ValueReader.FLOAT8, List.of("0", "-0", "1.5", "-1.5", "NaN", "1e300")),
          new Kind(Family.TEXT, ValueReader.TEXT, List.of("", "a", "a ", "A", "é", "\uD83D\uDE00")),
          new Kind(
              Family.TEXT_C, ValueReader.TEXT, List.of("a", "b", "é", "\uFFEE", "\uD83D\uDE00")),
          new Kind(Family.TEXT_ASCII, ValueReader.TEXT, List.of("a", "a ", "é", "b")),
          new Kind(Family.BPCHAR, ValueReader.BPCHAR, List.of("a", "a  ", " a", "b ")),
          new Kind(Family.BYTES, ValueReader.BYTEA, List.of("\\x00", "\\xff", "\\x7f01", "\\x")),
          new Kind(Family.TIME, ValueReader.DATE, List.of("2026-01-01", "infinity", "0044-03-15")));

  private static final TableShape SHAPE =
      new TableShape(
          new TableId(1),
          "public",
          "t",
          IntStream.range(0, KINDS.size())
              .mapToObj(i -> new Column(i + 1, "c" + i, KINDS.get(i).type(), -1, i == 0))
              .toList());
  private static final Layout LAYOUT = Layout.of(SHAPE, SHAPE);

  @Property(tries = 2_000)
  void whatIsLeftOutDoesNotMatch(@ForAll long seed) {
    Random random = new Random(seed);
    List<Parameter> parameters = List.of();
    RowMatcher matcher = new RowMatcher(parameters, Traps.NONE);
    List<List<Image>> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      List<Image> versions = new ArrayList<>();
      for (int j = random.nextInt(3); j >= 0; j--) {
        versions.add(row(random));
      }
      rows.add(versions);
    }
    RowIndex index = new RowIndex(rows);
    for (int i = 0; i < 20; i++) {
      Condition condition = condition(random, 2);
      BitSet found = index.find(condition, LAYOUT, matcher);
      for (int row = 0; row < rows.size(); row++) {
        boolean matches =
            rows.get(row).stream()
                .anyMatch(image -> matcher.decide(condition, LAYOUT, image, Set.of()).mayBeTrue());
        assertThat(found.get(row) || !matches)
            .as(Condition.show(condition) + " on " + rows.get(row))
            .isTrue();
      }
    }
  }

  @Test
  void aRangeFindsItsRowsAndNoOthers() {
    List<List<Image>> rows = numbered(1_000);
    Scalar column = new Scalar.ColumnOf(1, ValueReader.INT4);
    Condition between =
        new Condition.And(
            List.of(
                new Condition.Compare(
                    Comparison.GE, Family.INTEGER, column, new Scalar.Literal(new Value.Whole(10))),
                new Condition.Compare(
                    Comparison.GT,
                    Family.INTEGER,
                    new Scalar.Literal(new Value.Whole(20)),
                    column)));
    BitSet found = new RowIndex(rows).find(between, LAYOUT, new RowMatcher(List.of(), Traps.NONE));
    assertThat(found.cardinality()).isBetween(10, 11);
    assertThat(found.nextSetBit(0)).isEqualTo(10);
  }

  private static List<List<Image>> numbered(int count) {
    List<List<Image>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Cell> cells = new ArrayList<>(List.of(Cell.of(Integer.toString(i))));
      while (cells.size() < KINDS.size()) {
        cells.add(Cell.Absent.NULL);
      }
      rows.add(List.of(new Image(cells)));
    }
    return rows;
  }

  private static Image row(Random random) {
    List<Cell> cells = new ArrayList<>();
    for (Kind kind : KINDS) {
      int pick = random.nextInt(kind.texts().size() + 2);
      cells.add(
          pick == kind.texts().size()
              ? Cell.Absent.NULL
              : pick > kind.texts().size()
                  ? Cell.Absent.UNCHANGED
                  : Cell.of(kind.texts().get(pick)));
    }
    return new Image(cells);
  }

  private static Condition condition(Random random, int depth) {
    int pick = random.nextInt(depth == 0 ? 2 : 6);
    return switch (pick) {
      case 2, 3 -> new Condition.And(parts(random, depth));
      case 4 -> new Condition.Or(parts(random, depth));
      case 5 -> new Condition.Not(condition(random, depth - 1));
      default -> comparison(random);
    };
  }

  private static List<Condition> parts(Random random, int depth) {
    List<Condition> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(condition(random, depth - 1));
    }
    return parts;
  }

  private static Condition comparison(Random random) {
    int place = random.nextInt(KINDS.size());
    Kind kind = KINDS.get(place);
    Comparison[] all = Comparison.values();
    Comparison comparison = all[random.nextInt(all.length)];
    Scalar column = new Scalar.ColumnOf(place + 1, kind.type());
    int pick = random.nextInt(kind.texts().size() + 1);
    Scalar value =
        new Scalar.Literal(
            pick == kind.texts().size()
                ? Value.Special.NULL
                : ValueReader.read(kind.type(), kind.texts().get(pick)));
    return random.nextBoolean()
        ? new Condition.Compare(comparison, kind.family(), column, value)
        : new Condition.Compare(comparison, kind.family(), value, column);
  }

  @Test
  void aParameterThatIsNullFindsNothing() {
    Parameter none = new Parameter(ValueReader.INT4, Optional.empty(), true);
    Condition equal =
        new Condition.Compare(
            Comparison.EQ,
            Family.INTEGER,
            new Scalar.ColumnOf(1, ValueReader.INT4),
            new Scalar.ParameterOf(1, ValueReader.INT4));
    RowMatcher matcher = new RowMatcher(List.of(none), Traps.NONE);
    assertThat(new RowIndex(numbered(5)).find(equal, LAYOUT, matcher).isEmpty()).isTrue();
  }
}
