package dev.anabranch.predicate.match;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Image;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.predicate.match.Condition.Comparison;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides conditions over rows, for one statement's bound parameters. */
public final class RowMatcher {

  private static final Image NO_ROW = new Image(List.of());

  private final Semantics semantics;
  private final boolean twoValuedLogic;
  private final List<Parameter> parameters;
  private final Map<Scalar.ParameterOf, Value> bound = new HashMap<>();

  public RowMatcher(List<Parameter> parameters, Traps traps) {
    this.parameters = parameters;
    this.semantics = new Semantics(traps);
    this.twoValuedLogic = traps.has(Trap.TWO_VALUED_NOT);
  }

  /**
   * What the condition comes to on a row.
   *
   * @param layout where the condition's columns are in the row
   * @param doubtful places in the row whose value is not known
   */
  public Truth decide(Condition condition, Layout layout, Image row, Set<Integer> doubtful) {
    return switch (condition) {
      case Condition.And(List<Condition> parts) -> {
        Truth result = Truth.TRUE;
        for (int i = 0; i < parts.size(); i++) {
          result = result.and(decide(parts.get(i), layout, row, doubtful));
          if (result == Truth.FALSE) {
            break;
          }
        }
        yield result;
      }
      case Condition.Or(List<Condition> parts) -> {
        Truth result = Truth.FALSE;
        for (Condition part : parts) {
          result = result.or(decide(part, layout, row, doubtful));
          if (result == Truth.TRUE) {
            break;
          }
        }
        yield result;
      }
      case Condition.Not(Condition part) -> twoValued(decide(part, layout, row, doubtful)).not();
      case Condition.Compare(var comparison, var family, var left, var right) ->
          semantics.compare(
              comparison,
              family,
              value(left, layout, row, doubtful),
              value(right, layout, row, doubtful));
      case Condition.Distinct(var family, var left, var right) ->
          distinct(family, value(left, layout, row, doubtful), value(right, layout, row, doubtful));
      case Condition.Like(var text, var pattern) ->
          semantics.like(value(text, layout, row, doubtful), value(pattern, layout, row, doubtful));
      case Condition.IsNull(var part) -> isNull(part, layout, row, doubtful);
      case Condition.Is(Condition part, Truth wanted) ->
          twoValued(decide(part, layout, row, doubtful)).isOneOf(wanted);
      case Condition.Bare(var part) -> bare(value(part, layout, row, doubtful));
      case Condition.Unknown ignored -> Truth.ANY;
    };
  }

  /** What a condition asks of single columns, for {@link RowIndex}. */
  List<Probe> probes(Condition condition, Layout layout) {
    return Probe.of(condition, layout, fixed -> value(fixed, layout, NO_ROW, Set.of()));
  }

  /** What an expression without columns comes to. */
  public Value fixed(Scalar expression) {
    return value(expression, Layout.NONE, NO_ROW, Set.of());
  }

  private Truth twoValued(Truth truth) {
    return twoValuedLogic && truth == Truth.NULL ? Truth.FALSE : truth;
  }

  private Truth distinct(Condition.Family family, Value left, Value right) {
    if (left == Value.Special.UNKNOWN || right == Value.Special.UNKNOWN) {
      return Truth.TRUE_OR_FALSE;
    }
    if (left == Value.Special.NULL || right == Value.Special.NULL) {
      return Truth.of(!left.equals(right));
    }
    Truth unequal = semantics.compare(Comparison.NE, family, left, right);
    return unequal == Truth.ANY ? Truth.TRUE_OR_FALSE : unequal;
  }

  /** Whether a stored cell is NULL needs no reading of its text, so this works for every type. */
  private Truth isNull(Scalar part, Layout layout, Image row, Set<Integer> doubtful) {
    if (part instanceof Scalar.ColumnOf(int number, long ignored)) {
      int index = layout.indexOf(number);
      if (index < 0 || doubtful.contains(index)) {
        return Truth.TRUE_OR_FALSE;
      }
      return switch (row.cells().get(index)) {
        case Cell.Absent.NULL -> Truth.TRUE;
        case Cell.Text ignoredText -> Truth.FALSE;
        case Cell.Absent.UNCHANGED -> Truth.TRUE_OR_FALSE;
      };
    }
    Value value = value(part, layout, row, doubtful);
    return value == Value.Special.UNKNOWN
        ? Truth.TRUE_OR_FALSE
        : Truth.of(value == Value.Special.NULL);
  }

  private static Truth bare(Value value) {
    return switch (value) {
      case Value.Special special -> special == Value.Special.NULL ? Truth.NULL : Truth.ANY;
      case Value.Whole(long whole) -> Truth.of(whole != 0);
      case Value.Decimal ignored -> Truth.ANY;
      case Value.Binary ignored -> Truth.ANY;
      case Value.Characters ignored -> Truth.ANY;
      case Value.Bytes ignored -> Truth.ANY;
    };
  }

  private Value value(Scalar scalar, Layout layout, Image row, Set<Integer> doubtful) {
    return switch (scalar) {
      case Scalar.ColumnOf(int number, long typeOid) ->
          column(number, typeOid, layout, row, doubtful);
      case Scalar.Literal(Value value) -> value;
      case Scalar.ParameterOf parameter ->
          bound.computeIfAbsent(
              parameter, ignored -> parameter(parameter.number(), parameter.typeOid()));
      case Scalar.Widened(Scalar.Widening widening, Scalar argument) ->
          Semantics.widen(widening, value(argument, layout, row, doubtful));
      case Scalar.Opaque ignored -> Value.Special.UNKNOWN;
    };
  }

  private static Value column(
      int number, long typeOid, Layout layout, Image row, Set<Integer> doubtful) {
    int index = layout.indexOf(number);
    if (index < 0 || doubtful.contains(index) || layout.typeOf(index) != typeOid) {
      return Value.Special.UNKNOWN;
    }
    return switch (row.cells().get(index)) {
      case Cell.Absent.NULL -> Value.Special.NULL;
      case Cell.Absent.UNCHANGED -> Value.Special.UNKNOWN;
      case Cell.Text(String text) -> ValueReader.read(typeOid, text);
    };
  }

  private Value parameter(int number, long typeOid) {
    if (number < 1 || number > parameters.size()) {
      return Value.Special.UNKNOWN;
    }
    Parameter parameter = parameters.get(number - 1);
    boolean sameType = parameter.typeOid() == 0 || parameter.typeOid() == typeOid;
    if (!parameter.readable() || !sameType) {
      return Value.Special.UNKNOWN;
    }
    return parameter.text().map(text -> ValueReader.read(typeOid, text)).orElse(Value.Special.NULL);
  }
}
