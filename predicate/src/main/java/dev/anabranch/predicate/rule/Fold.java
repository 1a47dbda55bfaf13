package dev.anabranch.predicate.rule;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.footprint.Rule.Output;
import dev.anabranch.predicate.footprint.Rule.Stored;
import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Semantics;
import dev.anabranch.predicate.match.Truth;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of aggregates: what it was, and the rows that left and entered its input.
 *
 * <p>Whether the input is empty decides between NULL and a value. It is not when a row entered;
 * when none left that was there; when a count says so; or when what is left of a sum is not 0, for
 * the sum of nothing would be.
 *
 * @param was the row as it was given; of a group that was not there, what no rows come to
 * @param before whether its input had rows then
 */
record Fold(
    Rule rule,
    List<@Nullable String> was,
    Input before,
    List<Movement.Row> left,
    List<Movement.Row> entered,
    Traps traps) {

  /** Whether there is something. */
  enum Input {
    EMPTY,
    SOME,
    UNKNOWN
  }

  /** Whether the row has any input now. */
  Input rows() throws Doubt {
    if (before == Input.EMPTY && !left.isEmpty()) {
      throw new Doubt("a row left what was empty");
    }
    if (!entered.isEmpty()) {
      return Input.SOME;
    }
    if (left.isEmpty()) {
      return before;
    }
    if (traps.has(Trap.EMPTY_GROUP_STAYS)) {
      return Input.SOME;
    }
    for (int i = 0; i < was.size(); i++) {
      switch (rule.outputs().get(i)) {
        case Output.RowCount ignored -> {
          return count(was.get(i), left.size(), 0) == 0 ? Input.EMPTY : Input.SOME;
        }
        case Output.ValueCount(int column) -> {
          if (count(was.get(i), present(left, column), 0) > 0) {
            return Input.SOME;
          }
        }
        case Output.Sum(Stored column) -> {
          if (was.get(i) != null && total(was.get(i), column).signum() != 0) {
            return Input.SOME;
          }
        }
        case Output.Plain ignored -> {}
        case Output.Fixed ignored -> {}
        case Output.Extreme ignored -> {}
        case Output.Exists ignored -> {}
      }
    }
    return Input.UNKNOWN;
  }

  /** The row as it is now, if it has any input or needs none. */
  List<@Nullable String> now() throws Doubt {
    List<@Nullable String> now = new ArrayList<>();
    for (int i = 0; i < was.size(); i++) {
      now.add(now(rule.outputs().get(i), was.get(i)));
    }
    return now;
  }

  private @Nullable String now(Output output, @Nullable String text) throws Doubt {
    return switch (output) {
      case Output.Plain ignored -> text;
      case Output.Fixed(String fixed) -> fixed;
      case Output.RowCount ignored -> Long.toString(count(text, left.size(), entered.size()));
      case Output.ValueCount(int column) ->
          Long.toString(count(text, present(left, column), present(entered, column)));
      case Output.Sum(Stored column) -> sum(text, column);
      case Output.Extreme(Stored column, boolean greatest) -> extreme(text, column, greatest);
      case Output.Exists ignored -> exists(text);
    };
  }

  private static long count(@Nullable String text, int gone, int come) throws Doubt {
    if (text == null
        || !(ValueReader.read(ValueReader.INT8, text) instanceof Value.Whole(long count))
        || count < gone) {
      throw new Doubt("a count that is none");
    }
    try {
      return Math.addExact(count - gone, come);
    } catch (ArithmeticException e) {
      throw new Doubt("a count that is too large");
    }
  }

  private int present(List<Movement.Row> rows, int column) throws Doubt {
    int count = 0;
    for (Movement.Row row : rows) {
      switch (row.at(column)) {
        case Cell.Text ignored -> count++;
        case Cell.Absent.NULL -> count += traps.has(Trap.COUNT_NULLS) ? 1 : 0;
        case Cell.Absent.UNCHANGED -> throw new Doubt("a cell that was not sent");
      }
    }
    return count;
  }

  /** A value and how it is written. */
  private record Told(Value value, String text) {}

  private static List<Told> values(List<Movement.Row> rows, Stored column) throws Doubt {
    List<Told> values = new ArrayList<>();
    for (Movement.Row row : rows) {
      switch (row.at(column.number())) {
        case Cell.Text(String text) -> values.add(told(text, column));
        case Cell.Absent.NULL -> {}
        case Cell.Absent.UNCHANGED -> throw new Doubt("a cell that was not sent");
      }
    }
    return values;
  }

  private static Told told(String text, Stored column) throws Doubt {
    Value value = ValueReader.read(column.typeOid(), text);
    if (value instanceof Value.Special) {
      throw new Doubt("a value that can't be read");
    }
    return new Told(value, text);
  }

  /** Whether the column has any value now, given whether it had. */
  private Input values(Stored column, boolean had, int gone, int come) throws Doubt {
    if (!had && gone > 0) {
      throw new Doubt("a value left where there was none");
    }
    if (come > 0) {
      return Input.SOME;
    }
    if (!had) {
      return Input.EMPTY;
    }
    if (gone == 0) {
      return Input.SOME;
    }
    for (int i = 0; i < was.size(); i++) {
      if (rule.outputs().get(i) instanceof Output.ValueCount(int counted)
          && counted == column.number()) {
        return count(was.get(i), gone, 0) == 0 ? Input.EMPTY : Input.SOME;
      }
    }
    return rows() == Input.EMPTY ? Input.EMPTY : Input.UNKNOWN;
  }

  private @Nullable String sum(@Nullable String text, Stored column) throws Doubt {
    BigDecimal total = total(text, column);
    Input input =
        values(column, text != null, values(left, column).size(), values(entered, column).size());
    boolean some = input == Input.SOME || total.signum() != 0;
    if (!some && traps.has(Trap.NOTHING_SUMS_TO_ZERO)) {
      some = true;
    }
    if (some) {
      return written(total, column);
    }
    if (input == Input.UNKNOWN) {
      throw new Doubt("a sum of 0 or of nothing");
    }
    return null;
  }

  private BigDecimal total(@Nullable String text, Stored column) throws Doubt {
    BigDecimal total = text == null ? BigDecimal.ZERO : number(text, column.sumType(), column);
    for (Told value : values(left, column)) {
      total = total.subtract(number(value.text, column.typeOid(), column));
    }
    for (Told value : values(entered, column)) {
      total = total.add(number(value.text, column.typeOid(), column));
    }
    return total;
  }

  /** NaN, infinities and another number of decimals than the column's are doubt. */
  private static BigDecimal number(String text, long type, Stored column) throws Doubt {
    BigDecimal number =
        switch (ValueReader.read(type, text)) {
          case Value.Whole(long whole) -> BigDecimal.valueOf(whole);
          case Value.Decimal(var rank, BigDecimal finite) when rank == Value.Decimal.Rank.FINITE ->
              finite;
          case Value ignored -> throw new Doubt("no number");
        };
    if (number.scale() != column.scale().orElseThrow(() -> new Doubt("any scale"))) {
      throw new Doubt("another scale");
    }
    return number;
  }

  private static String written(BigDecimal total, Stored column) throws Doubt {
    if (column.sumType() == ValueReader.INT8 && total.toBigInteger().bitLength() >= Long.SIZE) {
      throw new Doubt("asked again, it would fail");
    }
    return total.toPlainString();
  }

  private @Nullable String extreme(@Nullable String text, Stored column, boolean greatest)
      throws Doubt {
    List<Told> gone = values(left, column);
    List<Told> come = values(entered, column);
    Optional<Told> best = best(come, column, greatest);
    Input input = values(column, text != null, gone.size(), come.size());
    if (input == Input.EMPTY) {
      return null;
    }
    if (text == null) {
      return best.orElseThrow(() -> new Doubt("no value")).text;
    }
    Told former = told(text, column);
    if (best.isPresent() && !isBeyond(former, best.get(), column, greatest)) {
      return best.get().text;
    }
    // What went may have been the only one of its value; and nothing can have been beyond it.
    for (Told value : gone) {
      if (!isBeyond(former, value, column, greatest) && !traps.has(Trap.GONE_EXTREME_STAYS)) {
        throw new Doubt("the extreme has gone");
      }
    }
    return text;
  }

  private static Optional<Told> best(List<Told> values, Stored column, boolean greatest)
      throws Doubt {
    Optional<Told> best = Optional.empty();
    for (Told value : values) {
      if (best.isEmpty() || isBeyond(value, best.get(), column, greatest)) {
        best = Optional.of(value);
      }
    }
    return best;
  }

  /** Whether the first is greater, or less, than the second. */
  private static boolean isBeyond(Told first, Told second, Stored column, boolean greatest)
      throws Doubt {
    Truth truth =
        new Semantics(Traps.NONE)
            .compare(
                greatest ? Comparison.GT : Comparison.LT,
                column.family(),
                first.value,
                second.value);
    return switch (truth) {
      case TRUE -> true;
      case FALSE -> false;
      case NULL, TRUE_OR_FALSE, TRUE_OR_NULL, FALSE_OR_NULL, ANY ->
          throw new Doubt("an order that is not known");
    };
  }

  private String exists(@Nullable String text) throws Doubt {
    if (!entered.isEmpty()) {
      return "t";
    }
    if (text == null || (!text.equals("t") && !text.equals("f"))) {
      throw new Doubt("neither true nor false");
    }
    if (!left.isEmpty()) {
      throw new Doubt("what was there has gone");
    }
    return text;
  }
}
