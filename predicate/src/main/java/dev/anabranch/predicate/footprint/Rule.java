package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.ValueReader;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The form of a statement whose answer, once rows have changed, follows from the answer that was
 * given and from those rows: one table, a condition of which nothing was dropped, and outputs that
 * are columns, constants or aggregates of columns.
 *
 * @param form how many rows come of how many
 * @param outputs one for each column of the answer
 * @param order by what the rows are sorted; empty when they come in any order
 * @param limit how many rows are shown at most, the first in an order in which no two rows tie, or
 *     any where all rows show the same
 */
public record Rule(Form form, List<Output> outputs, List<Sort> order, Optional<Limit> limit) {

  public Rule {
    outputs = List.copyOf(outputs);
    order = List.copyOf(order);
  }

  /**
   * LIMIT and OFFSET, each a constant or a parameter.
   *
   * @param skipped none where there is no OFFSET
   */
  public record Limit(Scalar rows, Optional<Scalar> skipped) {}

  /** How the rows of the table become rows of the answer. */
  public enum Form {
    /** One for one. */
    ROWS,
    /** All into one, even if there are none. */
    ONE_ROW,
    /** One for all that have the same values in the {@link Output.Plain} outputs. */
    GROUPS
  }

  /** What one column of the answer shows. */
  public sealed interface Output {

    /** A column as it is stored. */
    record Plain(Stored column) implements Output {}

    /** A constant integer, the same in each row. */
    record Fixed(String text) implements Output {}

    /** {@code count(*)}. */
    record RowCount() implements Output {}

    /** {@code count(column)}: NULLs don't count. */
    record ValueCount(int column) implements Output {}

    /** {@code sum(column)}, over a column whose values all have as many decimals. */
    record Sum(Stored column) implements Output {}

    /** {@code max} and {@code min}, which {@code bool_or} and {@code bool_and} are too. */
    record Extreme(Stored column, boolean greatest) implements Output {}

    /** {@code EXISTS (…)}. */
    record Exists() implements Output {}

    /** The column that it is made of, by number. */
    default Optional<Integer> from() {
      return switch (this) {
        case Plain(Stored column) -> Optional.of(column.number());
        case ValueCount(int column) -> Optional.of(column);
        case Sum(Stored column) -> Optional.of(column.number());
        case Extreme(Stored column, var ignored) -> Optional.of(column.number());
        case Fixed ignored -> Optional.empty();
        case RowCount ignored -> Optional.empty();
        case Exists ignored -> Optional.empty();
      };
    }

    /** The type of what it shows. */
    default long typeOid() {
      return switch (this) {
        case Plain(Stored column) -> column.typeOid();
        case Extreme(Stored column, var ignored) -> column.typeOid();
        case Sum(Stored column) -> column.sumType();
        case Fixed ignored -> ValueReader.INT4;
        case ValueCount ignored -> ValueReader.INT8;
        case RowCount ignored -> ValueReader.INT8;
        case Exists ignored -> ValueReader.BOOL;
      };
    }

    /** How what it shows is ordered. */
    default Family family() {
      return switch (this) {
        case Plain(Stored column) -> column.family();
        case Extreme(Stored column, var ignored) -> column.family();
        case Sum(Stored column) ->
            column.sumType() == ValueReader.INT8 ? Family.INTEGER : Family.NUMERIC;
        case Fixed ignored -> Family.INTEGER;
        case ValueCount ignored -> Family.INTEGER;
        case RowCount ignored -> Family.INTEGER;
        case Exists ignored -> Family.INTEGER;
      };
    }
  }

  /**
   * A column of the table.
   *
   * @param number {@code attnum}
   * @param typeOid its type
   * @param scale how many decimals each of its values has; empty for numbers that may have any, and
   *     for what is no number
   * @param family how its values compare
   */
  public record Stored(int number, long typeOid, OptionalInt scale, Family family) {

    /** Whether two of its values that are equal have the same text. */
    boolean hasOneText() {
      return typeOid != ValueReader.BPCHAR && (typeOid != ValueReader.NUMERIC || scale.isPresent());
    }

    /** The type of the sum of its values. */
    public long sumType() {
      return typeOid == ValueReader.INT2 || typeOid == ValueReader.INT4
          ? ValueReader.INT8
          : ValueReader.NUMERIC;
    }
  }

  /**
   * A sort key.
   *
   * @param output its place among the outputs
   */
  public record Sort(int output, boolean descending, boolean nullsFirst) {}

  /** The columns that the outputs are made of, by number. */
  public List<Integer> columns() {
    return outputs.stream().flatMap(output -> output.from().stream()).distinct().sorted().toList();
  }

  /** Whether it shows values of this type. */
  public boolean shows(long typeOid) {
    return outputs.stream().anyMatch(output -> output.typeOid() == typeOid);
  }
}
