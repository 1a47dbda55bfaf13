package dev.anabranch.predicate.footprint;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.footprint.Tree.Many;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.UnreadableTree;
import dev.anabranch.predicate.match.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which conjuncts may be applied to a relation before anything else without changing the
 * statement's answer.
 *
 * <ul>
 *   <li>WHERE and the ON of an inner join: to every relation below that no outer join in between
 *       can fill with NULLs.
 *   <li>The ON of an outer join: to the side that is filled with NULLs, never to the preserved
 *       side; of a full join: to none.
 *   <li>Only conjuncts that mention one relation of the level and no other level count as known;
 *       the rest widens.
 *   <li>Into a subquery: only when it does nothing but select, join and project.
 *   <li>Never through LIMIT, DISTINCT, grouping, windows, set operations or a common table
 *       expression.
 * </ul>
 */
final class Pushdown {

  private static final int INNER = 0;
  private static final int LEFT = 1;
  private static final int FULL = 2;
  private static final int RIGHT = 3;

  private final Functions functions;
  private final boolean defaultCollationIsC;
  private final Raising raising;
  private final Traps traps;

  Pushdown(Functions functions, boolean defaultCollationIsC, Traps traps) {
    this.functions = functions;
    this.defaultCollationIsC = defaultCollationIsC;
    this.raising = new Raising(functions);
    this.traps = traps;
  }

  /** A conjunct and the range-table entries that it may be applied to. */
  private record Filter(Tree conjunct, Set<Integer> targets) {}

  /**
   * Whether some filter of the level may raise; then no filter of the statement may be used to
   * ignore rows.
   */
  boolean filtersMayRaise(Scope scope) {
    List<Filter> filters = new ArrayList<>();
    collect(scope.query.node("jointree"), filters);
    boolean having =
        conjuncts(scope.query.get("havingQual")).stream()
            .filter(conjunct -> !mentionsAggregate(conjunct))
            .anyMatch(raising::mayRaise);
    boolean security = false;
    for (int i = 1; i <= scope.size(); i++) {
      security |= scope.entry(i).list("securityQuals").stream().anyMatch(raising::mayRaise);
    }
    return having
        || security
        || filters.stream().map(Filter::conjunct).anyMatch(raising::mayRaise)
        || (!scope.isOutermost() && !scope.isInserted() && outputsMayRaise(scope.query));
  }

  /**
   * A filter on a subquery's output is a filter with the output's expression in it, once Postgres
   * has pulled it up. The rows of an INSERT … SELECT are filtered by nobody.
   */
  private boolean outputsMayRaise(Node query) {
    return query.nodes("targetList").stream()
        .filter(entry -> !mentionsAggregate(entry))
        .anyMatch(raising::mayRaise);
  }

  private static boolean mentionsAggregate(Tree tree) {
    return (tree instanceof Node node && (node.is("AGGREF") || node.is("WINDOWFUNC")))
        || tree.children().anyMatch(Pushdown::mentionsAggregate);
  }

  /**
   * The condition on each table of a level. Conjuncts that belong to simple subqueries are handed
   * down to them, so levels must be visited from the outside in.
   */
  Map<Integer, Condition> conditions(Scope scope) {
    List<Filter> filters = new ArrayList<>();
    Set<Integer> visible = collect(scope.query.node("jointree"), filters);
    scope.pushedDown.forEach(conjunct -> filters.add(new Filter(conjunct, visible)));
    Map<Integer, List<Condition>> found = new LinkedHashMap<>();
    for (Filter filter : filters) {
      Tree conjunct = withoutJoins(filter.conjunct(), scope);
      Set<Integer> mentioned = mentioned(conjunct, 0, scope);
      if (mentioned.size() == 1 && filter.targets().containsAll(mentioned)) {
        apply(conjunct, mentioned.iterator().next(), scope, found);
      }
    }
    for (int i = 1; i <= scope.size(); i++) {
      for (Tree conjunct : scope.entry(i).list("securityQuals")) {
        if (mentioned(conjunct, 0, scope).equals(Set.of(i))) {
          apply(conjunct, i, scope, found);
        }
      }
    }
    Map<Integer, Condition> conditions = new LinkedHashMap<>();
    found.forEach((index, parts) -> conditions.put(index, Condition.all(parts)));
    return conditions;
  }

  /** Whether all filters of a level are about this one table, so that no conjunct is dropped. */
  boolean keepsAll(Scope scope, int table) {
    List<Filter> filters = new ArrayList<>();
    collect(scope.query.node("jointree"), filters);
    List<Tree> all = new ArrayList<>(filters.stream().map(Filter::conjunct).toList());
    for (int i = 1; i <= scope.size(); i++) {
      all.addAll(scope.entry(i).list("securityQuals"));
    }
    return scope.pushedDown.isEmpty()
        && all.stream().allMatch(conjunct -> mentioned(conjunct, 0, scope).equals(Set.of(table)));
  }

  private void apply(Tree conjunct, int index, Scope scope, Map<Integer, List<Condition>> found) {
    Scope subquery = scope.subqueries.get(index);
    if (subquery != null) {
      intoSubquery(conjunct, subquery).ifPresent(subquery.pushedDown::add);
    } else if (scope.isTable(index)) {
      found
          .computeIfAbsent(index, ignored -> new ArrayList<>())
          .add(new ConditionReader(functions, index, defaultCollationIsC).read(conjunct));
    }
  }

  /**
   * Lists a join tree's filters; returns the relations that no outer join below this node can fill
   * with NULLs.
   */
  private Set<Integer> collect(Node node, List<Filter> filters) {
    return switch (node.tag()) {
      case "RANGETBLREF" -> Set.of(node.index("rtindex"));
      case "FROMEXPR" -> {
        Set<Integer> all = new TreeSet<>();
        node.nodes("fromlist").forEach(child -> all.addAll(collect(child, filters)));
        conjuncts(node.get("quals")).forEach(conjunct -> filters.add(new Filter(conjunct, all)));
        yield all;
      }
      case "JOINEXPR" -> join(node, filters);
      default -> throw new UnreadableTree("a join tree with " + node.tag());
    };
  }

  private Set<Integer> join(Node node, List<Filter> filters) {
    Set<Integer> left = collect(node.node("larg"), filters);
    Set<Integer> right = collect(node.node("rarg"), filters);
    Set<Integer> both = new TreeSet<>(left);
    both.addAll(right);
    int type = node.index("jointype");
    boolean trap = traps.has(Trap.ON_TO_PRESERVED_SIDE);
    Set<Integer> targets =
        switch (type) {
          case INNER -> both;
          case LEFT -> trap ? both : right;
          case RIGHT -> trap ? both : left;
          case FULL -> Set.of();
          default -> throw new UnreadableTree("a join of type " + type);
        };
    conjuncts(node.get("quals")).forEach(conjunct -> filters.add(new Filter(conjunct, targets)));
    return switch (type) {
      case INNER -> both;
      case LEFT -> left;
      case RIGHT -> right;
      default -> Set.of();
    };
  }

  /** The parts of an AND, however nested. */
  static List<Tree> conjuncts(Tree tree) {
    return switch (tree) {
      case Tree.Nothing ignored -> List.of();
      case Many(List<Tree> items) ->
          items.stream().flatMap(item -> conjuncts(item).stream()).toList();
      case Node node ->
          node.is("BOOLEXPR") && node.text("boolop").equals("and")
              ? node.list("args").stream().flatMap(arg -> conjuncts(arg).stream()).toList()
              : List.of(node);
      case Tree.Atom atom -> throw new UnreadableTree("a condition that is " + atom.text());
    };
  }

  /**
   * The range-table entries of a level that an expression mentions, from inside nested queries too.
   */
  private static Set<Integer> mentioned(Tree tree, int depth, Scope scope) {
    Set<Integer> found = new TreeSet<>();
    gather(tree, depth, scope, found);
    return found;
  }

  private static void gather(Tree tree, int depth, Scope scope, Set<Integer> found) {
    if (tree instanceof Node node && node.is("VAR")) {
      if (node.index("varlevelsup") == depth) {
        int index = node.index("varno");
        if (scope.kind(index) == Scope.JOIN) {
          gather(alias(scope, node), 0, scope, found);
        } else {
          found.add(index);
        }
      }
      return;
    }
    int inner = tree instanceof Node node && node.is("QUERY") ? depth + 1 : depth;
    tree.children().forEach(child -> gather(child, inner, scope, found));
  }

  private static Tree alias(Scope scope, Node variable) {
    if (variable.index("varattno") <= 0) {
      throw new UnreadableTree("a whole row of a join");
    }
    return scope.alias(variable.index("varno"), variable.index("varattno"));
  }

  /**
   * The same expression with join columns spelled out. Inside nested queries nothing is changed.
   */
  private static Tree withoutJoins(Tree tree, Scope scope) {
    return replace(
        tree,
        variable ->
            variable.index("varlevelsup") == 0 && scope.kind(variable.index("varno")) == Scope.JOIN
                ? Optional.of(withoutJoins(alias(scope, variable), scope))
                : Optional.of(variable));
  }

  /**
   * The same conjunct in terms of a simple subquery's own relations; empty when it must stay
   * outside.
   */
  private Optional<Tree> intoSubquery(Tree conjunct, Scope subquery) {
    if (!isSimple(subquery.query) || mentionsNestedOrOuter(conjunct)) {
      return Optional.empty();
    }
    List<Node> targets = subquery.query.nodes("targetList");
    if (raising.mayRaise(subquery.query.get("targetList"))) {
      return Optional.empty();
    }
    boolean[] lost = {false};
    Tree pushed =
        replace(
            conjunct,
            variable -> {
              Optional<Tree> target =
                  targets.stream()
                      .filter(entry -> entry.index("resno") == variable.index("varattno"))
                      .map(entry -> entry.get("expr"))
                      .findFirst();
              lost[0] |= target.isEmpty() || contains(target.get(), "SUBLINK");
              return target;
            });
    return lost[0] ? Optional.empty() : Optional.of(pushed);
  }

  private boolean isSimple(Node query) {
    boolean limited =
        query.get("limitCount") instanceof Node || query.get("limitOffset") instanceof Node;
    boolean flags =
        query.flag("hasAggs")
            || query.flag("hasWindowFuncs")
            || query.flag("hasTargetSRFs")
            || query.flag("hasDistinctOn")
            || query.flag("hasRecursive")
            || query.flag("hasModifyingCTE")
            || query.flag("hasForUpdate");
    boolean clauses =
        List.of(
                "distinctClause",
                "groupClause",
                "groupingSets",
                "havingQual",
                "setOperations",
                "rowMarks",
                "cteList")
            .stream()
            .anyMatch(clause -> !(query.get(clause) instanceof Tree.Nothing));
    return query.index("commandType") == 1
        && !flags
        && !clauses
        && (!limited || traps.has(Trap.THROUGH_LIMIT));
  }

  private static boolean mentionsNestedOrOuter(Tree tree) {
    boolean here =
        tree instanceof Node node
            && (node.is("SUBLINK")
                || node.is("QUERY")
                || (node.is("VAR") && node.index("varlevelsup") > 0));
    return here || tree.children().anyMatch(Pushdown::mentionsNestedOrOuter);
  }

  private static boolean contains(Tree tree, String tag) {
    return (tree instanceof Node node && node.is(tag))
        || tree.children().anyMatch(child -> contains(child, tag));
  }

  private interface Replacement {
    Optional<Tree> of(Node variable);
  }

  private static Tree replace(Tree tree, Replacement replacement) {
    return switch (tree) {
      case Tree.Nothing nothing -> nothing;
      case Tree.Atom atom -> atom;
      case Many(List<Tree> items) ->
          new Many(items.stream().map(item -> replace(item, replacement)).toList());
      case Node node -> {
        if (node.is("VAR")) {
          yield replacement.of(node).orElse(Tree.Nothing.NOTHING);
        }
        if (node.is("QUERY")) {
          yield node;
        }
        Map<String, List<Tree>> fields = new LinkedHashMap<>();
        node.fields()
            .forEach((name, values) ->
                fields.put(
                    name, values.stream().map(value -> replace(value, replacement)).toList()));
        yield new Node(node.tag(), fields);
      }
    };
  }
}
