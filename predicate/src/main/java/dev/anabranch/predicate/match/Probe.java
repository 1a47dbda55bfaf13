package dev.anabranch.predicate.match;

import dev.anabranch.predicate.match.Condition.Comparison;
import dev.anabranch.predicate.match.Condition.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a condition asks of one stored column at least: a row whose cell does not answer it can't
 * make the condition true, whatever else the condition says.
 *
 * @param column the column, and how it is compared
 * @param spans the values that will do
 */
record Probe(Column column, List<Span> spans) {

  /** A stored column as a family compares it. */
  record Column(int place, long typeOid, Family family) {}

  /**
   * Values from one to another, both included.
   *
   * @param from empty when there is no least one
   */
  record Span(Optional<SortKey> from, Optional<SortKey> to) {
    static Span of(SortKey key) {
      return new Span(Optional.of(key), Optional.of(key));
    }

    Span and(Span other) {
      return new Span(
          from.isPresent() && other.from.isPresent()
              ? Optional.of(
                  from.get().compareTo(other.from.get()) > 0 ? from.get() : other.from.get())
              : from.or(other::from),
          to.isPresent() && other.to.isPresent()
              ? Optional.of(to.get().compareTo(other.to.get()) < 0 ? to.get() : other.to.get())
              : to.or(other::to));
    }
  }

  /**
   * Every probe that a condition gives; each alone will do.
   *
   * @param fixed the value of a scalar that has no column in it
   */
  static List<Probe> of(Condition condition, Layout layout, Function<Scalar, Value> fixed) {
    List<Probe> probes = new ArrayList<>();
    Map<Column, Span> bounds = new HashMap<>();
    List<Condition> parts = condition instanceof Condition.And(var all) ? all : List.of(condition);
    for (Condition part : parts) {
      switch (part) {
        case Condition.Compare compare ->
            compared(compare, layout, fixed)
                .ifPresent(probe -> {
                  if (probe.spans.size() == 1) {
                    bounds.merge(probe.column, probe.spans.getFirst(), Span::and);
                  } else {
                    probes.add(probe);
                  }
                });
        case Condition.Or(List<Condition> ways) ->
            oneOf(ways, layout, fixed).ifPresent(probes::add);
        case Condition.And ignored -> {}
        case Condition.Not ignored -> {}
        case Condition.Distinct ignored -> {}
        case Condition.Like ignored -> {}
        case Condition.IsNull ignored -> {}
        case Condition.Is ignored -> {}
        case Condition.Bare ignored -> {}
        case Condition.Unknown ignored -> {}
      }
    }
    bounds.forEach((column, span) -> probes.add(new Probe(column, List.of(span))));
    return probes;
  }

  private static Optional<Probe> compared(
      Condition.Compare compare, Layout layout, Function<Scalar, Value> fixed) {
    return isFixed(compare.right())
        ? compared(compare.left(), compare.comparison(), compare.right(), compare, layout, fixed)
        : isFixed(compare.left())
            ? compared(
                compare.right(),
                mirrored(compare.comparison()),
                compare.left(),
                compare,
                layout,
                fixed)
            : Optional.empty();
  }

  private static Optional<Probe> compared(
      Scalar side,
      Comparison comparison,
      Scalar other,
      Condition.Compare compare,
      Layout layout,
      Function<Scalar, Value> fixed) {
    Family family = compare.family();
    if (!(side instanceof Scalar.ColumnOf(int number, long typeOid))
        || layout.indexOf(number) < 0
        || layout.typeOf(layout.indexOf(number)) != typeOid
        || comparison == Comparison.NE
        || (comparison.needsOrder() && !SortKey.isOrdered(family))) {
      return Optional.empty();
    }
    Column column = new Column(layout.indexOf(number), typeOid, family);
    Value value = fixed.apply(other);
    if (value == Value.Special.NULL) {
      return Optional.of(new Probe(column, List.of()));
    }
    return SortKey.of(family, value).map(key -> new Probe(column, List.of(span(comparison, key))));
  }

  private static Span span(Comparison comparison, SortKey key) {
    return switch (comparison) {
      case EQ -> Span.of(key);
      case LT, LE -> new Span(Optional.empty(), Optional.of(key));
      case GT, GE -> new Span(Optional.of(key), Optional.empty());
      case NE -> new Span(Optional.empty(), Optional.empty());
    };
  }

  private static Comparison mirrored(Comparison comparison) {
    return switch (comparison) {
      case EQ -> Comparison.EQ;
      case NE -> Comparison.NE;
      case LT -> Comparison.GT;
      case LE -> Comparison.GE;
      case GT -> Comparison.LT;
      case GE -> Comparison.LE;
    };
  }

  /** An IN list: each way compares the same column. */
  private static Optional<Probe> oneOf(
      List<Condition> ways, Layout layout, Function<Scalar, Value> fixed) {
    Optional<Column> column = Optional.empty();
    TreeSet<SortKey> keys = new TreeSet<>();
    for (Condition way : ways) {
      Optional<Probe> probe =
          way instanceof Condition.Compare compare && compare.comparison() == Comparison.EQ
              ? compared(compare, layout, fixed)
              : Optional.empty();
      if (probe.isEmpty() || (column.isPresent() && !column.equals(probe.map(Probe::column)))) {
        return Optional.empty();
      }
      column = probe.map(Probe::column);
      probe.get().spans.forEach(span -> keys.add(span.from().orElseThrow()));
    }
    return column.map(found -> new Probe(found, keys.stream().map(Span::of).toList()));
  }

  private static boolean isFixed(Scalar scalar) {
    return switch (scalar) {
      case Scalar.ColumnOf ignored -> false;
      case Scalar.Opaque ignored -> false;
      case Scalar.Literal ignored -> true;
      case Scalar.ParameterOf ignored -> true;
      case Scalar.Widened(var ignored, Scalar argument) -> isFixed(argument);
    };
  }
}
