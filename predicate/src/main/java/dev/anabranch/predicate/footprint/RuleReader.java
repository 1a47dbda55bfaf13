package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Rule.Form;
import dev.anabranch.predicate.footprint.Rule.Output;
import dev.anabranch.predicate.footprint.Rule.Stored;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.Nothing;
import dev.anabranch.predicate.match.Condition.Family;
import dev.anabranch.predicate.match.Scalar;
import dev.anabranch.predicate.match.Value;
import dev.anabranch.predicate.match.ValueReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds the {@link Rule} that a statement follows. What is not recognised follows none, and is
 * asked again.
 *
 * @param functions what is known of routines
 * @param pushdown whether a condition is known as a whole
 * @param defaultCollationIsC whether the database's own collation orders text by its bytes
 */
record RuleReader(Functions functions, Pushdown pushdown, boolean defaultCollationIsC) {

  private static final int SELECT = 1;
  private static final int GROUP = 9;
  private static final String EXISTS = "0";
  private static final int TYPMOD_HEADER = 4;
  private static final int SCALE_BITS = 0x7ff;
  private static final int SCALE_SIGN = 1024;

  /** Clauses that make more of a level than columns or aggregates, sorted. */
  private static final List<String> FURTHER_CLAUSES =
      List.of(
          "groupingSets",
          "havingQual",
          "windowClause",
          "setOperations",
          "rowMarks",
          "cteList",
          "returningList",
          "onConflict");

  /** Clauses that choose among the rows. */
  private static final List<String> CHOOSING_CLAUSES =
      List.of("distinctClause", "limitOffset", "limitCount");

  private static final String LIMIT_ONLY = "0";

  private static final List<String> FURTHER_FLAGS =
      List.of(
          "hasWindowFuncs",
          "hasTargetSRFs",
          "hasDistinctOn",
          "hasRecursive",
          "hasModifyingCTE",
          "hasForUpdate");

  /**
   * @param scopes all levels of the statement, the outermost first
   */
  Optional<Rule> read(List<Scope> scopes) {
    if (scopes.stream().anyMatch(pushdown::filtersMayRaise)) {
      return Optional.empty();
    }
    Scope outermost = scopes.getFirst();
    return switch (scopes.size()) {
      case 1 ->
          isPlain(outermost.query)
              ? table(outermost).flatMap(t -> read(outermost, t))
              : Optional.empty();
      case 2 -> exists(outermost.query, scopes.getLast());
      default -> Optional.empty();
    };
  }

  /** {@code SELECT EXISTS (SELECT … FROM table WHERE …)}. */
  private Optional<Rule> exists(Node query, Scope inner) {
    List<Node> targets = query.nodes("targetList");
    boolean alone =
        isPlain(query)
            && hasNone(query, CHOOSING_CLAUSES)
            && !query.flag("hasAggs")
            && query.list("rtable").isEmpty()
            && query.list("groupClause").isEmpty()
            && query.list("sortClause").isEmpty()
            && query.node("jointree").get("quals") instanceof Nothing
            && targets.size() == 1
            && !targets.getFirst().flag("resjunk")
            && targets.getFirst().get("expr") instanceof Node link
            && link.is("SUBLINK")
            && link.text("subLinkType").equals(EXISTS);
    boolean rows =
        isPlain(inner.query)
            && showsAny(inner.query)
            && !inner.query.flag("hasAggs")
            && inner.query.list("groupClause").isEmpty()
            && table(inner).isPresent();
    return alone && rows
        ? Optional.of(
            new Rule(Form.ONE_ROW, List.of(new Output.Exists()), List.of(), Optional.empty()))
        : Optional.empty();
  }

  /** Whether it has a row to show whenever it reads one. */
  private boolean showsAny(Node query) {
    return hasNone(query, List.of("distinctClause", "limitOffset"))
        && (query.get("limitCount") instanceof Nothing
            || (query.get("limitCount") instanceof Node limit
                && limit.is("CONST")
                && ConstReader.read(limit, functions.catalog()) instanceof Value.Whole(long rows)
                && rows > 0));
  }

  private static boolean isPlain(Node query) {
    return query.index("commandType") == SELECT
        && hasNone(query, FURTHER_CLAUSES)
        && FURTHER_FLAGS.stream().noneMatch(query::flag);
  }

  private static boolean hasNone(Node query, List<String> clauses) {
    return clauses.stream().allMatch(clause -> query.get(clause) instanceof Nothing);
  }

  /** The only table of a level, when nothing of the condition on it is dropped. */
  private Optional<Integer> table(Scope scope) {
    List<Node> from = scope.query.node("jointree").nodes("fromlist");
    if (from.size() != 1 || !from.getFirst().is("RANGETBLREF")) {
      return Optional.empty();
    }
    int table = from.getFirst().index("rtindex");
    boolean alone =
        IntStream.rangeClosed(1, scope.size())
            .allMatch(index -> index == table || scope.kind(index) == GROUP);
    Node entry = scope.entry(table);
    boolean stored =
        alone
            && scope.isTable(table)
            && (entry.text("relkind").equals("r") || entry.text("relkind").equals("p"))
            && entry.get("tablesample") instanceof Nothing;
    return stored && pushdown.keepsAll(scope, table) ? Optional.of(table) : Optional.empty();
  }

  private Optional<Rule> read(Scope scope, int table) {
    List<Node> targets = scope.query.nodes("targetList");
    if (targets.stream().anyMatch(target -> target.flag("resjunk"))) {
      return Optional.empty();
    }
    List<Output> outputs = new ArrayList<>();
    for (Node target : targets) {
      Optional<Output> output =
          target.get("expr") instanceof Node expression
              ? output(expression, scope, table)
              : Optional.empty();
      if (output.isEmpty()) {
        return Optional.empty();
      }
      outputs.add(output.get());
    }
    return form(scope.query, targets, outputs)
        .flatMap(form ->
            order(scope.query, targets).flatMap(order -> read(scope, table, form, outputs, order)));
  }

  private Optional<Rule> read(
      Scope scope, int table, Form form, List<Output> outputs, List<Rule.Sort> order) {
    if (hasNone(scope.query, List.of("limitOffset", "limitCount"))) {
      return Optional.of(new Rule(form, outputs, order, Optional.empty()));
    }
    return form == Form.ROWS
        ? limit(scope.query, table).map(limit -> new Rule(form, outputs, order, Optional.of(limit)))
        : Optional.empty();
  }

  private Optional<Rule.Limit> limit(Node query, int table) {
    if (!(query.get("limitCount") instanceof Node rows)
        || !query.text("limitOption").equals(LIMIT_ONLY)) {
      return Optional.empty();
    }
    ConditionReader reader = new ConditionReader(functions, table, defaultCollationIsC);
    Optional<Scalar> skipped =
        query.get("limitOffset") instanceof Node offset
            ? Optional.of(reader.scalar(offset))
            : Optional.empty();
    return Optional.of(new Rule.Limit(reader.scalar(rows), skipped));
  }

  private static Optional<Form> form(Node query, List<Node> targets, List<Output> outputs) {
    Set<Integer> plain = columns(outputs);
    List<Node> distinct = query.nodes("distinctClause");
    if (!distinct.isEmpty() && (query.flag("hasAggs") || !query.list("groupClause").isEmpty())) {
      return Optional.empty();
    }
    List<Node> groups = distinct.isEmpty() ? query.nodes("groupClause") : distinct;
    if (groups.isEmpty()) {
      return query.flag("hasAggs")
          ? Optional.of(Form.ONE_ROW).filter(form -> plain.isEmpty())
          : Optional.of(Form.ROWS);
    }
    Set<Integer> references =
        groups.stream().map(group -> group.index("tleSortGroupRef")).collect(Collectors.toSet());
    List<Output> keys = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      if (references.remove(targets.get(i).index("ressortgroupref"))) {
        keys.add(outputs.get(i));
      }
    }
    boolean keyed =
        references.isEmpty()
            && keys.stream()
                .allMatch(key -> key instanceof Output.Plain(Stored column) && column.hasOneText())
            && columns(keys).equals(plain)
            && groups.stream().allMatch(group -> group.number("eqop") < Catalog.FIRST_USER_OID);
    return keyed ? Optional.of(Form.GROUPS) : Optional.empty();
  }

  private static Set<Integer> columns(List<Output> outputs) {
    Set<Integer> numbers = new HashSet<>();
    for (Output output : outputs) {
      if (output instanceof Output.Plain(Stored column)) {
        numbers.add(column.number());
      }
    }
    return numbers;
  }

  private Optional<List<Rule.Sort>> order(Node query, List<Node> targets) {
    List<Rule.Sort> order = new ArrayList<>();
    for (Node key : query.nodes("sortClause")) {
      int output =
          targets.stream()
              .map(target -> target.index("ressortgroupref"))
              .toList()
              .indexOf(key.index("tleSortGroupRef"));
      Optional<String> operator =
          Optional.of(key.number("sortop"))
              .filter(oid -> oid < Catalog.FIRST_USER_OID)
              .flatMap(functions::operatorName)
              .filter(name -> name.equals("<") || name.equals(">"));
      if (output < 0 || operator.isEmpty()) {
        return Optional.empty();
      }
      order.add(new Rule.Sort(output, operator.get().equals(">"), key.flag("nulls_first")));
    }
    return Optional.of(order);
  }

  private Optional<Output> output(Node expression, Scope scope, int table) {
    return switch (expression.tag()) {
      case "VAR" -> column(expression, scope, table).map(Output.Plain::new);
      case "CONST" -> fixed(expression);
      case "AGGREF" -> aggregate(expression, scope, table);
      default -> Optional.empty();
    };
  }

  private Optional<Output> fixed(Node constant) {
    return constant.number("consttype") == ValueReader.INT4
            && ConstReader.read(constant, functions.catalog()) instanceof Value.Whole(long value)
        ? Optional.of(new Output.Fixed(Long.toString(value)))
        : Optional.empty();
  }

  private Optional<Output> aggregate(Node aggregate, Scope scope, int table) {
    long function = aggregate.number("aggfnoid");
    List<Node> args = aggregate.nodes("args");
    boolean plain =
        function < Catalog.FIRST_USER_OID
            && aggregate.index("agglevelsup") == 0
            && aggregate.text("aggkind").equals("n")
            && !aggregate.flag("aggvariadic")
            && List.of("aggdirectargs", "aggorder", "aggdistinct", "aggfilter").stream()
                .allMatch(clause -> aggregate.get(clause) instanceof Nothing);
    if (!plain) {
      return Optional.empty();
    }
    String name = functions.nameOf(function);
    if (name.equals("count") && (aggregate.flag("aggstar") || isConstant(args))) {
      return Optional.of(new Output.RowCount());
    }
    if (args.size() != 1 || !(args.getFirst().get("expr") instanceof Node argument)) {
      return Optional.empty();
    }
    return name.equals("count")
        ? variable(argument, scope, table)
            .map(column -> new Output.ValueCount(column.index("varattno")))
        : column(argument, scope, table).flatMap(column -> aggregate(name, aggregate, column));
  }

  /** {@code count(1)} counts rows; {@code count(NULL)} does not. */
  private boolean isConstant(List<Node> args) {
    return args.size() == 1
        && args.getFirst().get("expr") instanceof Node constant
        && constant.is("CONST")
        && !constant.flag("constisnull");
  }

  private static Optional<Output> aggregate(String name, Node aggregate, Stored column) {
    Function<Boolean, Optional<Output>> extreme =
        greatest -> Optional.of(new Output.Extreme(column, greatest));
    boolean ordered = isOrdered(column.family()) && column.hasOneText();
    boolean sameType = aggregate.number("aggtype") == column.typeOid();
    return switch (name) {
      case "sum" ->
          column.scale().isPresent() && aggregate.number("aggtype") == column.sumType()
              ? Optional.of(new Output.Sum(column))
              : Optional.empty();
      case "max" -> ordered && sameType ? extreme.apply(true) : Optional.empty();
      case "min" -> ordered && sameType ? extreme.apply(false) : Optional.empty();
      case "bool_or" -> sameType ? extreme.apply(true) : Optional.empty();
      case "bool_and", "every" -> sameType ? extreme.apply(false) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Whether the order of all values is known, and not only that of some. */
  private static boolean isOrdered(Family family) {
    return switch (family) {
      case INTEGER, NUMERIC, TIME, BYTES, TEXT_C -> true;
      case TEXT, TEXT_ASCII, BPCHAR, FLOAT -> false;
    };
  }

  private Optional<Stored> column(Node expression, Scope scope, int table) {
    return variable(expression, scope, table).flatMap(this::stored);
  }

  /** A column of the table, which stands for itself or, since Postgres 18, in a list of groups. */
  private static Optional<Node> variable(Node expression, Scope scope, int table) {
    if (!expression.is("VAR") || expression.index("varlevelsup") != 0) {
      return Optional.empty();
    }
    int index = expression.index("varno");
    int number = expression.index("varattno");
    if (scope.kind(index) == GROUP) {
      List<Node> grouped = scope.entry(index).nodes("groupexprs");
      return number > 0 && number <= grouped.size()
          ? variable(grouped.get(number - 1), scope, table)
          : Optional.empty();
    }
    return index == table && number > 0 ? Optional.of(expression) : Optional.empty();
  }

  private Optional<Stored> stored(Node variable) {
    long type = variable.number("vartype");
    OptionalInt scale =
        switch ((int) type) {
          case (int) ValueReader.INT2, (int) ValueReader.INT4, (int) ValueReader.INT8 ->
              OptionalInt.of(0);
          case (int) ValueReader.NUMERIC -> scale(variable.index("vartypmod"));
          default -> OptionalInt.empty();
        };
    return family(type, variable.number("varcollid"))
        .map(family -> new Stored(variable.index("varattno"), type, scale, family));
  }

  /** Types whose texts and comparisons are known. Floats never: their sums depend on the order. */
  private Optional<Family> family(long type, long collation) {
    return switch ((int) type) {
      case (int) ValueReader.BOOL,
          (int) ValueReader.INT2,
          (int) ValueReader.INT4,
          (int) ValueReader.INT8 ->
          Optional.of(Family.INTEGER);
      case (int) ValueReader.NUMERIC -> Optional.of(Family.NUMERIC);
      case (int) ValueReader.DATE, (int) ValueReader.TIMESTAMP, (int) ValueReader.TIMESTAMPTZ ->
          Optional.of(Family.TIME);
      case (int) ValueReader.UUID -> Optional.of(Family.BYTES);
      case (int) ValueReader.TEXT, (int) ValueReader.VARCHAR ->
          textual(collation)
              ? Optional.of(isC(collation) ? Family.TEXT_C : Family.TEXT)
              : Optional.empty();
      case (int) ValueReader.BPCHAR ->
          textual(collation) ? Optional.of(Family.BPCHAR) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** Under a user's collation other texts than equal ones may be equal. */
  private boolean textual(long collation) {
    return functions.catalog().utf8() && collation < Catalog.FIRST_USER_OID;
  }

  private boolean isC(long collation) {
    return ConditionReader.isC(collation, defaultCollationIsC);
  }

  private static OptionalInt scale(int modifier) {
    if (modifier < TYPMOD_HEADER) {
      return OptionalInt.empty();
    }
    int scale = (((modifier - TYPMOD_HEADER) & SCALE_BITS) ^ SCALE_SIGN) - SCALE_SIGN;
    return OptionalInt.of(Math.max(0, scale));
  }
}
