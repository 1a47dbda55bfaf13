package dev.anabranch.check;

import dev.anabranch.base.Identifiers;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.predicate.footprint.Term;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes terms and conditions as SQL, for a session that looks names up in {@code pg_catalog}.
 *
 * @param parameters of the question that they are from
 * @param columns what the columns are called, quoted, by their numbers
 */
record TermSql(List<Parameter> parameters, Map<Integer, String> columns) {

  private static final Map<Long, String> COMPARED =
      Map.of(
          ValueReader.BOOL, "bool",
          ValueReader.INT2, "int2",
          ValueReader.INT4, "int4",
          ValueReader.INT8, "int8",
          ValueReader.NUMERIC, "numeric",
          ValueReader.TEXT, "text",
          ValueReader.VARCHAR, "varchar",
          ValueReader.UUID, "uuid");

  /**
   * @param moment an expression for the moment
   * @param day an expression for the day
   */
  String of(Term term, String moment, String day) {
    return switch (term) {
      case Term.Column(int number) -> column(number);
      case Term.Parameter(int number, String type) -> given(number) + "::" + quoted(type);
      case Term.Literal(String text, String type) ->
          Identifiers.literal(text) + "::" + quoted(type);
      case Term.Call(String routine, List<Term> arguments) ->
          arguments.stream()
              .map(argument -> of(argument, moment, day))
              .collect(Collectors.joining(", ", quoted(routine) + "(", ")"));
      case Term.Cast(Term argument, String type) ->
          "CAST(" + of(argument, moment, day) + " AS " + quoted(type) + ")";
      case Term.Clock clock ->
          switch (clock) {
            case MOMENT -> "(" + moment + ")";
            case DAY -> "(" + day + ")";
          };
    };
  }

  /** Some names of types and routines are also words of the language. */
  static String quoted(String name) {
    return "pg_catalog." + Identifiers.quote(name);
  }

  private String column(int number) {
    String name = columns.get(number);
    if (name == null) {
      throw new IllegalArgumentException("there is no column " + number);
    }
    return "r." + name;
  }

  private String given(int number) {
    return parameters.get(number - 1).text().map(Identifiers::literal).orElse("NULL");
  }

  /** What every row that meets a condition meets; parts that can't be written are left out. */
  String wide(Condition condition) {
    return exact(condition)
        .orElseGet(() ->
            switch (condition) {
              case Condition.And(List<Condition> parts) ->
                  parts.isEmpty()
                      ? "true"
                      : parts.stream()
                          .map(this::wide)
                          .collect(Collectors.joining(" AND ", "(", ")"));
              case Condition.Or(List<Condition> parts) ->
                  parts.isEmpty()
                      ? "false"
                      : parts.stream()
                          .map(this::wide)
                          .collect(Collectors.joining(" OR ", "(", ")"));
              case Condition.Not ignored -> "true";
              case Condition.Compare ignored -> "true";
              case Condition.Distinct ignored -> "true";
              case Condition.Like ignored -> "true";
              case Condition.IsNull ignored -> "true";
              case Condition.Is ignored -> "true";
              case Condition.Bare ignored -> "true";
              case Condition.Unknown ignored -> "true";
            });
  }

  private Optional<String> exact(Condition condition) {
    return switch (condition) {
      case Condition.Compare(var comparison, Family family, Scalar left, Scalar right) ->
          isSameAnywhere(comparison, family)
              ? both(left, " " + comparison.symbol() + " ", right)
              : Optional.empty();
      case Condition.IsNull(Scalar.ColumnOf column) ->
          Optional.of(column(column.number()) + " IS NULL");
      case Condition.Not(Condition.IsNull(Scalar.ColumnOf column)) ->
          Optional.of(column(column.number()) + " IS NOT NULL");
      case Condition.Bare(Scalar.ColumnOf column) -> Optional.of(column(column.number()));
      case Condition.Not(Condition.Bare(Scalar.ColumnOf column)) ->
          Optional.of("NOT " + column(column.number()));
      case Condition.And ignored -> Optional.empty();
      case Condition.Or ignored -> Optional.empty();
      case Condition.Not ignored -> Optional.empty();
      case Condition.Distinct ignored -> Optional.empty();
      case Condition.Like ignored -> Optional.empty();
      case Condition.IsNull ignored -> Optional.empty();
      case Condition.Is ignored -> Optional.empty();
      case Condition.Bare ignored -> Optional.empty();
      case Condition.Unknown ignored -> Optional.empty();
    };
  }

  /** Texts are ordered by a collation, and a column's own may not be the one that was asked by. */
  private static boolean isSameAnywhere(Condition.Comparison comparison, Family family) {
    return switch (family) {
      case INTEGER, NUMERIC, BYTES -> true;
      case TEXT, TEXT_C -> comparison == Condition.Comparison.EQ;
      case FLOAT, TEXT_ASCII, BPCHAR, TIME -> false;
    };
  }

  private Optional<String> both(Scalar left, String between, Scalar right) {
    return left instanceof Scalar.ColumnOf(int number, long type)
        ? other(right, type).map(value -> column(number) + between + value)
        : right instanceof Scalar.ColumnOf(int last, long lastType)
            ? other(left, lastType).map(value -> value + between + column(last))
            : Optional.empty();
  }

  /** A value that a column of a type is compared with. */
  private Optional<String> other(Scalar scalar, long columnType) {
    String type = COMPARED.get(columnType);
    if (type == null) {
      return Optional.empty();
    }
    return switch (scalar) {
      case Scalar.Literal(Value value) ->
          text(value, type).map(text -> Identifiers.literal(text) + "::" + quoted(type));
      case Scalar.ParameterOf(int number, long given) ->
          Optional.ofNullable(COMPARED.get(given)).map(name -> given(number) + "::" + quoted(name));
      case Scalar.ColumnOf(int number, long own) ->
          COMPARED.containsKey(own) ? Optional.of(column(number)) : Optional.empty();
      case Scalar.Widened ignored -> Optional.empty();
      case Scalar.Opaque ignored -> Optional.empty();
    };
  }

  /** As the column's type reads it, where that is the same value. */
  private static Optional<String> text(Value value, String type) {
    return switch (value) {
      case Value.Whole(long whole) ->
          switch (type) {
            case "bool" -> Optional.of(whole == 0 ? "f" : "t");
            case "int2", "int4", "int8" -> fits(whole, type);
            default -> Optional.empty();
          };
      case Value.Decimal decimal ->
          type.equals("numeric") && decimal.rank() == Value.Decimal.Rank.FINITE
              ? Optional.of(decimal.value().toPlainString())
              : Optional.empty();
      case Value.Characters(String characters) ->
          type.equals("text") || type.equals("varchar")
              ? Optional.of(characters)
              : Optional.empty();
      case Value.Bytes(String hex) -> type.equals("uuid") ? Optional.of(hex) : Optional.empty();
      case Value.Binary ignored -> Optional.empty();
      case Value.Special ignored -> Optional.empty();
    };
  }

  private static Optional<String> fits(long whole, String type) {
    boolean fits =
        switch (type) {
          case "int2" -> whole == (short) whole;
          case "int4" -> whole == (int) whole;
          default -> true;
        };
    return fits ? Optional.of(Long.toString(whole)) : Optional.empty();
  }
}
