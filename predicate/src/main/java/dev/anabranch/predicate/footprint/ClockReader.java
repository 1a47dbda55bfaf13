package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.footprint.TermReader.Motion;
import dev.anabranch.predicate.footprint.TermReader.Place;
import dev.anabranch.predicate.footprint.TermReader.Read;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Turn.Pace;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Condition.Comparison;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds every place where a statement reads the clock, and tells how its answer moves with that.
 *
 * <p>Two such places are understood, wherever they stand in the statement: a comparison of a value
 * of one row with a bound that moves, of which nothing matters but on which side of it each row is;
 * and what is the same all day long. A statement that reads the clock nowhere else gives the same
 * answer as long as no row changes sides and the day is the same.
 */
final class ClockReader {

  private static final Pattern SAME_TYPE =
      Pattern.compile("(date|timestamp|timestamptz|int4|float8|numeric)_?(eq|ne|lt|le|gt|ge)");

  private static final Pattern ACROSS_TYPES =
      Pattern.compile(
          "(date|timestamp|timestamptz)_(eq|ne|lt|le|gt|ge)_(date|timestamp|timestamptz)");

  private static final Pattern INTERVALS = Pattern.compile("interval_(eq|ne|lt|le|gt|ge)");

  private final Functions functions;
  private final TermReader terms;
  private final Map<Scope, Map<Integer, Condition>> conditions;
  private final IdentityHashMap<Node, Scope> scopes = new IdentityHashMap<>();
  private final Scope outermost;
  private final List<Turn> turns = new ArrayList<>();
  private boolean byDay;
  private Optional<String> anytime = Optional.empty();

  /**
   * @param scopes all levels of the statement, the outermost first
   * @param conditions on the rows of each level's tables
   */
  ClockReader(
      Functions functions, List<Scope> scopes, Map<Scope, Map<Integer, Condition>> conditions) {
    this.functions = functions;
    this.terms = new TermReader(functions);
    this.conditions = conditions;
    this.outermost = scopes.getFirst();
    scopes.forEach(scope -> this.scopes.put(scope.query, scope));
  }

  /**
   * @param moments what the statement names that its tree does not show; such a moment may stand in
   *     the conditions on its rows as a constant
   */
  ClockUse read(MomentWords.Found moments) {
    look(outermost.query, outermost);
    if (moments == MomentWords.Found.ANY) {
      return new ClockUse.Anytime("it names a moment relative to when it was asked");
    }
    if (anytime.isPresent()) {
      return new ClockUse.Anytime(anytime.get());
    }
    if (moments == MomentWords.Found.IN_TEXT) {
      return new ClockUse.Suspected("a text in it may name a moment");
    }
    if (moments == MomentWords.Found.DAYS) {
      boolean steady = turns.stream().anyMatch(turn -> !isByDay(turn));
      return steady
          ? new ClockUse.Anytime("it names a day beside reading the clock")
          : new ClockUse.ByDay();
    }
    if (!turns.isEmpty()) {
      return new ClockUse.ByRows(turns, byDay);
    }
    return byDay ? new ClockUse.ByDay() : new ClockUse.Anytime("where it does so is not found");
  }

  private static boolean isByDay(Turn turn) {
    return turn.pace() == Pace.BY_DAY || turn.pace() == Pace.RISING_BY_DAY;
  }

  private void look(Tree tree, Scope around) {
    if (!(tree instanceof Node node)) {
      tree.children().forEach(child -> look(child, around));
      return;
    }
    Scope scope = node.is("QUERY") ? scopes.getOrDefault(node, around) : around;
    if (node.is("QUERY") && !scopes.containsKey(node)) {
      anytime("a query in it is not understood");
      return;
    }
    Optional<Turn> turn = node.is("OPEXPR") ? turn(node, scope) : Optional.empty();
    if (turn.isPresent()) {
      turns.add(turn.get());
      return;
    }
    if (isExpression(node)
        && terms.read(node, scope).filter(read -> read.motion() == Motion.BY_DAY).isPresent()) {
      byDay = true;
      return;
    }
    readsTheClock(node);
    node.children().forEach(child -> look(child, scope));
  }

  private static boolean isExpression(Node node) {
    return node.is("SQLVALUEFUNCTION") || node.is("FUNCEXPR") || node.is("OPEXPR");
  }

  private void readsTheClock(Node node) {
    if (node.is("SQLVALUEFUNCTION") && node.index("op") <= ImpurityCheck.LAST_TIME_VALUE_FUNCTION) {
      anytime("it reads the clock otherwise than in a comparison with rows");
    }
    if (node.is("COERCEVIAIO") && ImpurityCheck.CLOCK_TYPES.contains(node.number("resulttype"))) {
      anytime("it reads a date from text, which may say 'today'");
    }
    Vocabulary.functions(node)
        .filter(oid -> functions.natureOf(oid) == Nature.CLOCK)
        .forEach(oid -> {
          if (functions.nameOf(oid).equals("age")) {
            byDay = true; // It counts from today's midnight.
          } else {
            anytime("it calls " + functions.nameOf(oid) + "() otherwise than to compare with rows");
          }
        });
  }

  private void anytime(String why) {
    anytime = anytime.or(() -> Optional.of(why));
  }

  /** Both sides of a comparison, as what they are compared. */
  private record Sides(Read left, Comparison comparison, Read right, String type) {
    Sides swapped() {
      return new Sides(right, ClockReader.swapped(comparison), left, type);
    }
  }

  private Optional<Turn> turn(Node node, Scope scope) {
    List<Node> arguments = node.nodes("args");
    Optional<String> name = functions.builtinName(node.number("opfuncid"));
    if (arguments.size() != 2 || name.isEmpty() || node.number("opno") >= Catalog.FIRST_USER_OID) {
      return Optional.empty();
    }
    return sides(name.get(), arguments, scope)
        .or(() -> spans(name.get(), arguments, scope))
        .flatMap(sides -> turn(sides).or(() -> turn(sides.swapped())));
  }

  private Optional<Sides> sides(String name, List<Node> arguments, Scope scope) {
    Matcher same = SAME_TYPE.matcher(name);
    Matcher across = ACROSS_TYPES.matcher(name);
    String type;
    String comparison;
    if (same.matches()) {
      type = same.group(1);
      comparison = same.group(2);
    } else if (across.matches()) {
      boolean zoned = Stream.of(across.group(1), across.group(3)).anyMatch("timestamptz"::equals);
      type = zoned ? "timestamptz" : "timestamp";
      comparison = across.group(2);
    } else {
      return Optional.empty();
    }
    Optional<Read> left = terms.read(arguments.get(0), scope);
    Optional<Read> right = terms.read(arguments.get(1), scope);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    // A day that begins at another midnight than the session's is read as the moment of that.
    boolean midnight = type.equals("date") && (isStepping(left.get()) || isStepping(right.get()));
    return Optional.of(
        new Sides(left.get(), comparison(comparison), right.get(), midnight ? "timestamp" : type));
  }

  private static boolean isStepping(Read read) {
    return read.motion() == Motion.IN_STEPS;
  }

  private static Comparison comparison(String letters) {
    return Comparison.valueOf(letters.toUpperCase(Locale.ROOT));
  }

  /**
   * How long ago a row's moment is, or how many days, against a constant: the same as the row's
   * moment against the clock's, that much earlier.
   */
  private Optional<Sides> spans(String name, List<Node> arguments, Scope scope) {
    Matcher intervals = INTERVALS.matcher(name);
    boolean days = name.matches("int4(eq|ne|lt|le|gt|ge)");
    if (!intervals.matches() && !days) {
      return Optional.empty();
    }
    Comparison comparison = comparison(days ? name.substring(4) : intervals.group(1));
    return span(arguments.get(0), comparison, arguments.get(1), scope)
        .or(() -> span(arguments.get(1), swapped(comparison), arguments.get(0), scope));
  }

  static Comparison swapped(Comparison comparison) {
    return switch (comparison) {
      case EQ -> Comparison.EQ;
      case NE -> Comparison.NE;
      case LT -> Comparison.GT;
      case LE -> Comparison.GE;
      case GT -> Comparison.LT;
      case GE -> Comparison.LE;
    };
  }

  private Optional<Sides> span(Node difference, Comparison comparison, Node most, Scope scope) {
    Optional<Read> limit = terms.read(most, scope).filter(read -> read.motion() == Motion.FIXED);
    if (!difference.is("OPEXPR") || limit.isEmpty()) {
      return Optional.empty();
    }
    String minus = functions.builtinName(difference.number("opfuncid")).orElse("");
    List<Node> arguments = difference.nodes("args");
    if (arguments.size() != 2) {
      return Optional.empty();
    }
    Optional<Read> first = terms.read(arguments.get(0), scope);
    Optional<Read> second = terms.read(arguments.get(1), scope);
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    if (first.get().moves() && second.get().motion() == Motion.OF_ROW) {
      return apart(minus, first.get(), limit.get(), true)
          .map(bound -> new Sides(bound, comparison, second.get(), type(minus)));
    }
    return first.get().motion() == Motion.OF_ROW && second.get().moves()
        ? apart(minus, second.get(), limit.get(), false)
            .map(bound -> new Sides(first.get(), comparison, bound, type(minus)))
        : Optional.empty();
  }

  private static String type(String minus) {
    return minus.substring(0, minus.indexOf('_'));
  }

  /** The clock's side, by as much earlier or later as a constant says. */
  private static Optional<Read> apart(String minus, Read from, Read limit, boolean earlier) {
    return switch (minus) {
      case "date_mi" ->
          Optional.of(from)
              .filter(read -> read.motion() == Motion.BY_DAY)
              .map(read ->
                  moved(read, earlier ? "date_mii" : "date_pli", limit.term(), read.rising()));
      case "timestamptz_mi", "timestamp_mi" ->
          limit
              .interval()
              .filter(ignored -> from.motion() != Motion.BY_DAY)
              .map(interval ->
                  moved(
                      from,
                      type(minus) + (earlier ? "_mi_interval" : "_pl_interval"),
                      interval.asTime().term(),
                      false));
      default -> Optional.empty();
    };
  }

  private static Read moved(Read from, String routine, Term by, boolean rising) {
    return new Read(
        new Term.Call(routine, List.of(from.term(), by)),
        from.motion(),
        rising,
        from.intervals(),
        from.shifts(),
        Optional.empty(),
        Optional.empty(),
        0,
        false);
  }

  private Optional<Turn> turn(Sides sides) {
    Read row = sides.left();
    Read bound = sides.right();
    if (row.motion() != Motion.OF_ROW || !bound.moves()) {
      return Optional.empty();
    }
    Place place = row.place().orElseThrow();
    Node entry = place.scope().entry(place.index());
    return Optional.of(
        new Turn(
            new TableId(entry.number("relid")),
            entry.flag("inh"),
            conditions
                .getOrDefault(place.scope(), Map.of())
                .getOrDefault(place.index(), Condition.ALWAYS),
            new Term.Cast(row.term(), sides.type()),
            sides.comparison(),
            new Term.Cast(bound.term(), sides.type()),
            sides.type(),
            pace(bound)));
  }

  private static Pace pace(Read bound) {
    return switch (bound.motion()) {
      case STEADY -> Pace.STEADY;
      case IN_STEPS -> Pace.IN_STEPS;
      case BY_DAY -> bound.rising() ? Pace.RISING_BY_DAY : Pace.BY_DAY;
      case FIXED, OF_ROW -> throw new IllegalArgumentException("it does not move: " + bound);
    };
  }
}
