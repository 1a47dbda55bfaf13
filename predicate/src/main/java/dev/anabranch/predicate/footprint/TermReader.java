package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads expressions as {@link Term}s, with how they move with the clock. What it does not know it
 * does not read.
 *
 * @param functions what is known of routines
 */
record TermReader(Functions functions) {

  static final long INTERVAL = 1186;

  private static final int CURRENT_DATE = 0;
  private static final int CURRENT_TIMESTAMP = 3;
  private static final int LOCALTIMESTAMP = 7;

  /** The range-table entry of what a query is grouped by, since Postgres 18. */
  private static final int GROUP = 9;

  /** Each can make the bound's way longer or shorter by four days at most. */
  private static final int MOST_INTERVALS = 2;

  private static final int MOST_SHIFTS = 4;

  private static final Map<Long, String> TYPES =
      Map.ofEntries(
          Map.entry(ValueReader.INT2, "int2"),
          Map.entry(ValueReader.INT4, "int4"),
          Map.entry(ValueReader.INT8, "int8"),
          Map.entry(ValueReader.FLOAT8, "float8"),
          Map.entry(ValueReader.NUMERIC, "numeric"),
          Map.entry(ValueReader.TEXT, "text"),
          Map.entry(ValueReader.VARCHAR, "varchar"),
          Map.entry(ValueReader.DATE, "date"),
          Map.entry(ValueReader.TIMESTAMP, "timestamp"),
          Map.entry(ValueReader.TIMESTAMPTZ, "timestamptz"),
          Map.entry(INTERVAL, "interval"));

  /** A moment and an interval of which one has the clock in it. */
  private static final Set<String> BY_INTERVAL =
      Set.of(
          "timestamptz_pl_interval",
          "timestamptz_mi_interval",
          "timestamp_pl_interval",
          "timestamp_mi_interval",
          "interval_pl_timestamptz",
          "interval_pl_timestamp",
          "date_add",
          "date_subtract");

  /** A later day never gives less, where all else is fixed. */
  private static final Set<String> RISING =
      Set.of(
          "date_pli",
          "date_mii",
          "integer_pl_date",
          "date_pl_interval",
          "date_mi_interval",
          "timestamp",
          "timestamptz",
          "date",
          "timestamptz_pl_interval",
          "timestamptz_mi_interval",
          "timestamp_pl_interval",
          "timestamp_mi_interval",
          "date_trunc");

  private static final Set<String> DAYS_AND_MORE =
      Set.of(
          "day",
          "week",
          "month",
          "quarter",
          "year",
          "decade",
          "century",
          "millennium",
          "dow",
          "isodow",
          "doy",
          "isoyear");

  private static final Set<String> A_DAY_AT_MOST = Set.of("day", "hour", "minute", "second");

  /** How a value moves. */
  enum Motion {
    FIXED,
    OF_ROW,
    STEADY,
    IN_STEPS,
    BY_DAY
  }

  /** A range-table entry of a level. */
  record Place(Scope scope, int index) {}

  /**
   * What was read.
   *
   * @param rising whether it never goes back, if it moves by the day
   * @param intervals how many intervals were added to the moment
   * @param shifts how often it was turned into another moment, intervals counted
   * @param ofDay the same of the day's first moment: as many days, months and years from it, where
   *     that is all that was done to the moment
   * @param place whose rows' columns are in it
   * @param columns how many
   * @param extreme whether the greatest or least of several rows is in it
   */
  record Read(
      Term term,
      Motion motion,
      boolean rising,
      int intervals,
      int shifts,
      Optional<Term> ofDay,
      Optional<Place> place,
      int columns,
      boolean extreme) {

    static Read fixed(Term term) {
      return new Read(
          term, Motion.FIXED, false, 0, 0, Optional.empty(), Optional.empty(), 0, false);
    }

    static Read moment(Term term, String type) {
      return new Read(
          term,
          Motion.STEADY,
          false,
          0,
          0,
          Optional.of(new Term.Cast(Term.Clock.DAY, type)),
          Optional.empty(),
          0,
          false);
    }

    static Read day(Term term, boolean rising) {
      return new Read(
          term, Motion.BY_DAY, rising, 0, 0, Optional.empty(), Optional.empty(), 0, false);
    }

    private Read with(Term other) {
      return new Read(other, motion, rising, intervals, shifts, ofDay, place, columns, extreme);
    }

    private Read of(Optional<Term> day) {
      return new Read(term, motion, rising, intervals, shifts, day, place, columns, extreme);
    }

    /** The interval that it is, if it stands there as a constant. */
    Optional<ConstReader.Interval> interval() {
      return term instanceof Term.Literal(String text, String type) && type.equals("interval")
          ? ConstReader.Interval.parse(text)
          : Optional.empty();
    }

    boolean moves() {
      return motion != Motion.FIXED && motion != Motion.OF_ROW;
    }
  }

  /**
   * @param scope the level that the expression stands in
   */
  Optional<Read> read(Tree tree, Scope scope) {
    if (!(tree instanceof Node node)) {
      return Optional.empty();
    }
    return switch (node.tag()) {
      case "CONST" -> literal(node).map(Read::fixed);
      case "PARAM" -> parameter(node);
      case "VAR" -> column(node, scope);
      case "AGGREF" -> extreme(node, scope);
      case "SQLVALUEFUNCTION" -> clock(node.index("op"));
      case "FUNCEXPR" ->
          node.flag("funcretset") || node.flag("funcvariadic")
              ? Optional.empty()
              : call(node.number("funcid"), node, scope);
      case "OPEXPR" ->
          node.number("opno") >= Catalog.FIRST_USER_OID || node.flag("opretset")
              ? Optional.empty()
              : call(node.number("opfuncid"), node, scope);
      case "RELABELTYPE", "COERCEVIAIO" -> cast(node, scope);
      default -> Optional.empty();
    };
  }

  private Optional<Term> literal(Node constant) {
    if (constant.flag("constisnull")) {
      return Optional.empty();
    }
    long type = constant.number("consttype");
    if (type == INTERVAL) {
      return ConstReader.interval(constant).map(ConstReader.Interval::term);
    }
    String name = TYPES.get(type);
    if (name == null) {
      return Optional.empty();
    }
    return switch (ConstReader.read(constant, functions.catalog())) {
      case Value.Whole(long whole) ->
          name.startsWith("int")
              ? Optional.of(new Term.Literal(Long.toString(whole), name))
              : Optional.empty();
      case Value.Characters(String text) -> Optional.of(new Term.Literal(text, name));
      case Value.Binary(double binary) ->
          Optional.of(new Term.Literal(Double.toString(binary), name));
      case Value.Decimal decimal ->
          decimal.rank() == Value.Decimal.Rank.FINITE
              ? Optional.of(new Term.Literal(decimal.value().toPlainString(), name))
              : Optional.empty();
      case Value.Bytes ignored -> Optional.empty();
      case Value.Special ignored -> Optional.empty();
    };
  }

  private static Optional<Read> parameter(Node node) {
    String type = TYPES.get(node.number("paramtype"));
    return node.text("paramkind").equals("0") && type != null
        ? Optional.of(Read.fixed(new Term.Parameter(node.index("paramid"), type)))
        : Optional.empty();
  }

  private static Optional<Read> clock(int operation) {
    return switch (operation) {
      case CURRENT_DATE -> Optional.of(Read.day(Term.Clock.DAY, true));
      case CURRENT_TIMESTAMP -> Optional.of(Read.moment(Term.Clock.MOMENT, "timestamptz"));
      case LOCALTIMESTAMP ->
          Optional.of(
              Read.moment(new Term.Call("timestamp", List.of(Term.Clock.MOMENT)), "timestamp"));
      default -> Optional.empty();
    };
  }

  /** A column of a table's row, followed through joins, plain subqueries and groups. */
  private static Optional<Read> column(Node variable, Scope from) {
    Scope scope = from.ancestor(variable.index("varlevelsup"));
    int index = variable.index("varno");
    int number = variable.index("varattno");
    if (number <= 0 || variable.number("vartype") >= Catalog.FIRST_USER_OID) {
      return Optional.empty();
    }
    return switch (scope.kind(index)) {
      case Scope.RELATION ->
          scope.isTable(index)
              ? Optional.of(
                  new Read(
                      new Term.Column(number),
                      Motion.OF_ROW,
                      false,
                      0,
                      0,
                      Optional.empty(),
                      Optional.of(new Place(scope, index)),
                      1,
                      false))
              : Optional.empty();
      case Scope.JOIN -> variable(scope.alias(index, number), scope);
      case Scope.SUBQUERY ->
          Optional.ofNullable(scope.subqueries.get(index)).flatMap(inner -> output(inner, number));
      case GROUP -> {
        List<Tree> groups = scope.entry(index).list("groupexprs");
        yield number <= groups.size() ? variable(groups.get(number - 1), scope) : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private static Optional<Read> variable(Tree tree, Scope scope) {
    return tree instanceof Node node && node.is("VAR") ? column(node, scope) : Optional.empty();
  }

  /** What a subquery shows of one row as it is; not where it puts several queries together. */
  private static Optional<Read> output(Scope subquery, int number) {
    Node query = subquery.query;
    if (query.index("commandType") != 1 || query.get("setOperations") instanceof Node) {
      return Optional.empty();
    }
    return query.nodes("targetList").stream()
        .filter(entry -> entry.index("resno") == number)
        .findFirst()
        .flatMap(entry -> variable(entry.get("expr"), subquery));
  }

  /** The greatest or least of some rows' values is one of them. */
  private Optional<Read> extreme(Node aggregate, Scope scope) {
    boolean known =
        functions
            .builtinName(aggregate.number("aggfnoid"))
            .filter(name -> name.equals("max") || name.equals("min"))
            .isPresent();
    List<Node> arguments = aggregate.nodes("args");
    if (!known || arguments.size() != 1) {
      return Optional.empty();
    }
    return variable(arguments.getFirst().get("expr"), scope)
        .map(read ->
            new Read(
                read.term(), read.motion(), false, 0, 0, Optional.empty(), read.place(), 1, true));
  }

  /** Text read as another type may name a moment, and then it is none of these. */
  private Optional<Read> cast(Node node, Scope scope) {
    String type = TYPES.get(node.number("resulttype"));
    if (type == null || type.startsWith("timestamp") || type.equals("date")) {
      return Optional.empty();
    }
    return read(node.get("arg"), scope)
        .filter(read -> !read.moves())
        .map(read -> read.with(new Term.Cast(read.term(), type)));
  }

  private Optional<Read> call(long oid, Node node, Scope scope) {
    Optional<String> name = functions.builtinName(oid);
    List<Tree> arguments = node.list("args");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (functions.natureOf(oid) == Nature.CLOCK) {
      boolean beginning = name.get().equals("now") || name.get().equals("transaction_timestamp");
      return beginning
          ? Optional.of(Read.moment(Term.Clock.MOMENT, "timestamptz"))
          : Optional.empty();
    }
    if (functions.natureOf(oid) != Nature.PURE) {
      return Optional.empty();
    }
    List<Read> read = new ArrayList<>();
    for (Tree argument : arguments) {
      Optional<Read> one = read(argument, scope);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      read.add(one.get());
    }
    List<Read> moving = read.stream().filter(Read::moves).toList();
    if (moving.isEmpty()) {
      return ofRows(name.get(), read);
    }
    boolean alone =
        moving.size() == 1
            && read.stream().allMatch(one -> one.moves() || one.motion() == Motion.FIXED);
    return alone ? moved(name.get(), read, moving.getFirst()) : Optional.empty();
  }

  private static Term term(String name, List<Read> read) {
    return new Term.Call(name, read.stream().map(Read::term).toList());
  }

  private static Optional<Read> ofRows(String name, List<Read> read) {
    List<Place> places = read.stream().flatMap(one -> one.place().stream()).distinct().toList();
    int columns = read.stream().mapToInt(Read::columns).sum();
    boolean extreme = read.stream().anyMatch(Read::extreme);
    if (places.size() > 1 || (extreme && columns > 1)) {
      return Optional.empty();
    }
    return Optional.of(
        new Read(
            term(name, read),
            places.isEmpty() ? Motion.FIXED : Motion.OF_ROW,
            false,
            0,
            0,
            Optional.empty(),
            places.stream().findFirst(),
            columns,
            extreme));
  }

  private static Optional<Read> moved(String name, List<Read> read, Read moving) {
    return moving.motion() == Motion.BY_DAY
        ? Optional.of(Read.day(term(name, read), moving.rising() && RISING.contains(name)))
        : ofMoment(name, read, moving);
  }

  private static Optional<Read> ofMoment(String name, List<Read> read, Read moving) {
    return switch (name) {
      case "date" ->
          moving
              .ofDay()
              .map(day -> Read.day(new Term.Call(name, List.of(day)), true))
              .or(() -> Optional.of(shifted(moving, startOfDay(moving), Motion.IN_STEPS, 0)));
      case "date_trunc", "extract", "date_part" -> ofField(name, read, moving);
      case "timestamp", "timestamptz" ->
          read.size() == 1
              ? within(
                  shifted(moving, term(name, read), moving.motion(), 0)
                      .of(moving.ofDay().map(day -> new Term.Cast(day, name))))
              : Optional.empty();
      case "timezone" -> within(shifted(moving, term(name, read), moving.motion(), 0));
      default ->
          BY_INTERVAL.contains(name)
              ? within(
                  shifted(moving, term(name, read), moving.motion(), 1)
                      .of(moving.ofDay().flatMap(day -> byDays(name, read, day))))
              : Optional.empty();
    };
  }

  private static Term startOfDay(Read moving) {
    return new Term.Call(
        "date_trunc",
        List.of(new Term.Literal("day", "text"), new Term.Cast(moving.term(), "timestamp")));
  }

  private static Optional<Read> within(Read made) {
    return Optional.of(made)
        .filter(read -> read.intervals() <= MOST_INTERVALS && read.shifts() <= MOST_SHIFTS);
  }

  /** The same days and months from the day's first moment; an hour may be of another day. */
  private static Optional<Term> byDays(String name, List<Read> read, Term day) {
    boolean whole =
        read.size() == 2
            && read.stream()
                .filter(one -> !one.moves())
                .allMatch(one -> one.interval().filter(ConstReader.Interval::isOfDays).isPresent());
    return whole
        ? Optional.of(
            new Term.Call(name, read.stream().map(one -> one.moves() ? day : one.term()).toList()))
        : Optional.empty();
  }

  private static Read shifted(Read moving, Term term, Motion motion, int intervals) {
    return new Read(
        term,
        motion,
        false,
        moving.intervals() + intervals,
        moving.shifts() + 1,
        Optional.empty(),
        Optional.empty(),
        0,
        false);
  }

  /** Of a day and more, it is the same all day long; of less, it goes in steps. */
  private static Optional<Read> ofField(String name, List<Read> read, Read moving) {
    if (read.size() != 2
        || !read.get(1).moves()
        || !(read.getFirst().term() instanceof Term.Literal(String given, String ignored))) {
      return Optional.empty();
    }
    String field = given.toLowerCase(Locale.ROOT);
    boolean trunc = name.equals("date_trunc");
    if (DAYS_AND_MORE.contains(field) && moving.ofDay().isPresent()) {
      List<Term> arguments = List.of(read.getFirst().term(), moving.ofDay().get());
      return Optional.of(Read.day(new Term.Call(name, arguments), trunc));
    }
    return trunc && A_DAY_AT_MOST.contains(field)
        ? within(shifted(moving, term(name, read), Motion.IN_STEPS, 0))
        : Optional.empty();
  }
}
