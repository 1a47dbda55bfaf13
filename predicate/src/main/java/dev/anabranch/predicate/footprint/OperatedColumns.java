package dev.anabranch.predicate.footprint;

import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Combining.Kind;
import dev.anabranch.predicate.footprint.Tree.Many;
import dev.anabranch.predicate.footprint.Tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an UPDATE does to columns that combine: {@code SET qty = qty - 3} takes three away, whatever
 * it finds. Such a column is read by nothing but its own operation; where anything else of the
 * statement mentions it (WHERE, FROM, RETURNING, another column's value, row security), it is read
 * like any other.
 *
 * <p>The argument is not looked at here: what it reads is read by the statement. An operation is
 * taken for one where what it did to a value tells what it would do to another: several in one do
 * only where they are sums, and sums only where none was rounded.
 */
final class OperatedColumns {

  private static final int LEAST = 1;
  private static final int GREATEST = 0;
  private static final int FIRST_LOW_INVALID_ATTRIBUTE = -7;

  private static final Set<String> SUMS =
      Set.of(
          "int2pl",
          "int4pl",
          "int8pl",
          "int24pl",
          "int42pl",
          "int28pl",
          "int82pl",
          "int48pl",
          "int84pl",
          "numeric_add");

  private static final Set<String> DIFFERENCES =
      Set.of(
          "int2mi",
          "int4mi",
          "int8mi",
          "int24mi",
          "int42mi",
          "int28mi",
          "int82mi",
          "int48mi",
          "int84mi",
          "numeric_sub");

  /** jsonb without a text: without a number it is without whatever stands there. */
  private static final long JSONB_WITHOUT_TEXT = 3302;

  private static final Map<Kind, Set<String>> ON_THE_FIRST =
      Map.of(
          Kind.COUNTER, DIFFERENCES,
          Kind.SET,
              Set.of("array_append", "array_cat", "array_remove", "jsonb_concat", "jsonb_delete"),
          Kind.MAP, Set.of("jsonb_concat", "jsonb_delete", "jsonb_set"),
          Kind.TEXT, Set.of(),
          Kind.MAX, Set.of(),
          Kind.MIN, Set.of());

  private static final Map<Kind, Set<String>> ON_EITHER =
      Map.of(
          Kind.COUNTER, SUMS,
          Kind.SET, Set.of("array_cat", "jsonb_concat"),
          Kind.MAP, Set.of(),
          Kind.TEXT, Set.of(),
          Kind.MAX, Set.of(),
          Kind.MIN, Set.of());

  private final Node query;
  private final Functions functions;
  private final int target;
  private final Decimals decimals;
  private final Set<Integer> assigned;
  private final Map<Integer, List<Tree>> arguments = new HashMap<>();

  private OperatedColumns(
      Node query,
      Functions functions,
      TableShape shape,
      Map<Integer, Combining.Rule> rules,
      boolean whateverElseItReads) {
    this.decimals = new Decimals(functions.catalog(), shape);
    this.query = query;
    this.functions = functions;
    this.target = query.index("resultRelation");
    List<Node> entries =
        query.nodes("targetList").stream().filter(entry -> !entry.flag("resjunk")).toList();
    this.assigned = entries.stream().map(entry -> entry.index("resno")).collect(Collectors.toSet());
    for (Node entry : entries) {
      int column = entry.index("resno");
      Combining.Rule rule = rules.get(column);
      if (rule != null && (whateverElseItReads || mentions(column) == 1)) {
        List<Tree> others = new ArrayList<>();
        if (isOperation(decimals.unrounded(entry.get("expr"), column), column, rule.kind(), others)
            && decimals.areExact(others, column)) {
          arguments.put(column, others);
        }
      }
    }
  }

  /**
   * Those of a statement; empty for what is no plain UPDATE of a table of its own.
   *
   * @param whateverElseItReads takes a column for one that is only operated on although something
   *     else of the statement reads it
   */
  static Optional<OperatedColumns> of(
      Node query,
      Functions functions,
      SchemaSnapshot schema,
      Combining combining,
      boolean whateverElseItReads) {
    if (query.index("commandType") != Scope.UPDATE || query.flag("hasModifyingCTE")) {
      return Optional.empty();
    }
    Node target = query.nodes("rtable").get(query.index("resultRelation") - 1);
    TableId table = new TableId(target.number("relid"));
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    return relation == null || relation.kind() != 'r' || !relation.children().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new OperatedColumns(
                query, functions, relation.shape(), combining.of(table), whateverElseItReads));
  }

  /** What it assigns, and to which of those it does what it says in itself. */
  Writes.Assigned assigned() {
    return new Writes.Assigned(assigned, Set.copyOf(arguments.keySet()));
  }

  /** The statement without the columns that it only operates on. */
  Node argumentsOnly() {
    if (arguments.isEmpty()) {
      return query;
    }
    Map<String, List<Tree>> fields = new LinkedHashMap<>(query.fields());
    List<Tree> entries = new ArrayList<>();
    for (Node entry : query.nodes("targetList")) {
      List<Tree> others = entry.flag("resjunk") ? null : arguments.get(entry.index("resno"));
      entries.add(others == null ? entry : with(entry, "expr", new Many(others)));
    }
    fields.put("targetList", List.of(new Many(entries)));
    List<Node> tables = query.nodes("rtable");
    Node written = tables.get(target - 1);
    if (written.has("selectedCols")) {
      fields.put("rtable", List.of(new Many(replaced(tables, target - 1))));
    }
    if (written.has("perminfoindex") && written.index("perminfoindex") > 0) {
      List<Node> infos = query.nodes("rteperminfos");
      fields.put(
          "rteperminfos", List.of(new Many(replaced(infos, written.index("perminfoindex") - 1))));
    }
    return new Node(query.tag(), fields);
  }

  private List<Tree> replaced(List<Node> holders, int place) {
    List<Tree> all = new ArrayList<>(holders);
    Node holder = holders.get(place);
    Set<String> left = new HashSet<>();
    arguments
        .keySet()
        .forEach(column -> left.add(Integer.toString(column - FIRST_LOW_INVALID_ATTRIBUTE)));
    List<Tree> columns =
        holder.list("selectedCols").stream()
            .filter(column -> !(column instanceof Tree.Atom(String text) && left.contains(text)))
            .toList();
    all.set(place, with(holder, "selectedCols", new Many(columns)));
    return all;
  }

  private static Node with(Node node, String field, Tree value) {
    Map<String, List<Tree>> fields = new LinkedHashMap<>(node.fields());
    fields.put(field, List.of(value));
    return new Node(node.tag(), fields);
  }

  /** How often a column of the target is mentioned, whole rows included. */
  private long mentions(int column) {
    return query.children().mapToLong(part -> mentions(part, column, 0)).sum();
  }

  /**
   * @param depth how many levels below the statement's own it is
   */
  private long mentions(Tree tree, int column, int depth) {
    if (tree instanceof Node node && node.is("VAR")) {
      boolean ours = node.index("varno") == target && node.index("varlevelsup") == depth;
      return ours && (node.index("varattno") == column || node.index("varattno") <= 0) ? 1 : 0;
    }
    int level = tree instanceof Node node && node.is("QUERY") ? depth + 1 : depth;
    return tree.children().mapToLong(child -> mentions(child, column, level)).sum();
  }

  private boolean isColumn(Tree tree, int column) {
    return tree instanceof Node node
        && node.is("VAR")
        && node.index("varno") == target
        && node.index("varlevelsup") == 0
        && node.index("varattno") == column;
  }

  /** Whether it is an operation on the column, or several; what else is in it is added. */
  private boolean isOperation(Tree tree, int column, Kind kind, List<Tree> others) {
    if (isColumn(tree, column)) {
      return true;
    }
    if (!(tree instanceof Node node)) {
      return false;
    }
    return switch (node.tag()) {
      case "OPEXPR" -> isCall(node, node.number("opfuncid"), column, kind, others);
      case "FUNCEXPR" ->
          isCast(node, column, kind, others)
              || isCall(node, node.number("funcid"), column, kind, others);
      case "MINMAXEXPR" -> {
        int wanted = kind == Kind.MAX ? GREATEST : LEAST;
        yield (kind == Kind.MAX || kind == Kind.MIN)
            && node.index("op") == wanted
            && takes(node.list("args"), -1, column, kind, others);
      }
      default -> false;
    };
  }

  /** A sum of whole numbers, as another type of whole numbers; the column itself is not cast. */
  private boolean isCast(Node node, int column, Kind kind, List<Tree> others) {
    List<Tree> arguments = node.list("args");
    return kind == Kind.COUNTER
        && Decimals.isOfWholeNumbers(node)
        && !arguments.isEmpty()
        && !isColumn(arguments.getFirst(), column)
        && arguments.getFirst() instanceof Node sum
        && (sum.is("OPEXPR") || sum.is("FUNCEXPR"))
        && isOperation(sum, column, kind, others);
  }

  private boolean isCall(Node node, long routine, int column, Kind kind, List<Tree> others) {
    Optional<String> name =
        functions
            .builtinName(routine)
            .filter(known -> !known.equals("jsonb_delete") || routine == JSONB_WITHOUT_TEXT);
    List<Tree> arguments = node.list("args");
    if (name.filter(ON_EITHER.getOrDefault(kind, Set.of())::contains).isPresent()) {
      return takes(arguments, -1, column, kind, others);
    }
    return name.filter(ON_THE_FIRST.getOrDefault(kind, Set.of())::contains).isPresent()
        && takes(arguments, 0, column, kind, others);
  }

  /**
   * Whether one argument is the column, or a sum with it.
   *
   * @param place which one; -1 for any
   */
  private boolean takes(List<Tree> arguments, int place, int column, Kind kind, List<Tree> others) {
    for (int i = 0; i < arguments.size(); i++) {
      List<Tree> inner = new ArrayList<>();
      boolean counts =
          kind == Kind.COUNTER
              ? isOperation(arguments.get(i), column, kind, inner)
              : isColumn(arguments.get(i), column);
      if ((place < 0 || place == i) && counts) {
        others.addAll(inner);
        for (int other = 0; other < arguments.size(); other++) {
          if (other != i) {
            others.add(arguments.get(other));
          }
        }
        return true;
      }
    }
    return false;
  }
}
