package dev.anabranch.predicate.footprint;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.Traps;
import dev.anabranch.predicate.Traps.Trap;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.UnreadableTree;
import dev.anabranch.predicate.match.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * From Postgres's analysed and rewritten query tree to a {@link Footprint}.
 *
 * <p>Names, casts, views and row security are resolved by Postgres itself, so what is left to get
 * wrong is here: which conjuncts may be pushed to a table ({@link Pushdown}), which columns count
 * ({@link Scope}) and what else an answer may depend on ({@link Inspection}). Whatever is not
 * recognised makes the footprint larger, never smaller.
 */
public final class FootprintReader {

  private static final int OLDEST = 150000;
  private static final int NEWEST = 190000;

  private final Catalog catalog;
  private final SchemaSnapshot schema;
  private final Functions functions;
  private final Traps traps;

  /**
   * @param catalog of the server that made the trees
   * @param schema of the same database
   */
  public FootprintReader(Catalog catalog, SchemaSnapshot schema, Traps traps) {
    this.catalog = catalog;
    this.schema = schema;
    this.functions = new Functions(catalog);
    this.traps = traps;
  }

  /**
   * @param tree what {@code debug_print_rewritten} printed for the statement
   * @param sql the statement
   */
  public Footprint read(String tree, String sql) {
    if (catalog.serverVersionNumber() < OLDEST || catalog.serverVersionNumber() >= NEWEST) {
      return new Footprint.Unanswerable(
          "query trees of Postgres " + catalog.serverVersionNumber() + " are not known");
    }
    try {
      return read(onlyQuery(NodeTree.parse(tree)), sql);
    } catch (UnreadableTree e) {
      return new Footprint.Unanswerable("its query tree can't be read: " + e.getMessage());
    } catch (RuntimeException e) {
      return new Footprint.Unanswerable("its query tree has a form that is not understood: " + e);
    }
  }

  private static Node onlyQuery(Tree tree) {
    List<Tree> queries = tree.children().toList();
    if (tree instanceof Tree.Many
        && queries.size() == 1
        && queries.getFirst() instanceof Node node
        && node.is("QUERY")) {
      return node;
    }
    throw new UnreadableTree("rules make several statements of it");
  }

  private Footprint read(Node query, String sql) {
    Inspection inspection = Inspection.of(query, sql, functions);
    List<Scope> scopes = Scope.of(query);
    Set<TableId> relations =
        inspection.relations().stream().map(TableId::new).collect(Collectors.toSet());
    Traits traits =
        new Traits(
            relations, inspection.timeDependent(), inspection.userCode(), order(query, scopes));
    if (isOwnWrite(query) && !inspection.readsOther()) {
      return new Footprint.OwnWrite(!inspection.volatileCode(), traits);
    }
    if (inspection.readsCatalogsOnly()) {
      return new Footprint.CatalogsOnly();
    }
    if (inspection.unanswerable().isPresent()) {
      return new Footprint.Unanswerable(inspection.unanswerable().get());
    }
    Optional<String> rerun = inspection.alwaysRerun().or(() -> unknownRelation(relations));
    if (rerun.isPresent()) {
      return new Footprint.AlwaysRerun(rerun.get(), traits);
    }
    return new Footprint.Reads(occurrences(scopes), traits);
  }

  private Optional<String> unknownRelation(Set<TableId> relations) {
    return relations.stream()
        .filter(relation -> !schema.relations().containsKey(relation))
        .findFirst()
        .map(relation -> "it reads relation " + relation + ", which the catalogs did not show");
  }

  private List<Occurrence> occurrences(List<Scope> scopes) {
    Pushdown pushdown = new Pushdown(functions, catalog.defaultCollationIsC(), traps);
    boolean mayRaise =
        !traps.has(Trap.NEVER_RAISES) && scopes.stream().anyMatch(pushdown::filtersMayRaise);
    List<Occurrence> occurrences = new ArrayList<>();
    for (Scope scope : scopes) {
      Map<Integer, Condition> conditions = mayRaise ? Map.of() : pushdown.conditions(scope);
      for (int i = 1; i <= scope.size(); i++) {
        if (scope.isTable(i)) {
          occurrences.add(occurrence(scope, i, conditions.getOrDefault(i, Condition.ALWAYS)));
        }
      }
    }
    return occurrences;
  }

  private Occurrence occurrence(Scope scope, int index, Condition condition) {
    Node entry = scope.entry(index);
    TableId table = new TableId(entry.number("relid"));
    Columns columns =
        traps.has(Trap.OUTPUT_COLUMNS_ONLY) ? outputColumns(scope, index) : scope.columns(index);
    return new Occurrence(table, entry.flag("inh"), stored(table, columns), condition);
  }

  /** A generated column stands for whatever it is computed from. */
  private Columns stored(TableId table, Columns columns) {
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    if (relation == null || !(columns instanceof Columns.Some(var numbers))) {
      return new Columns.All();
    }
    boolean allStored = numbers.stream().allMatch(number -> relation.shape().indexOf(number) >= 0);
    return allStored ? columns : new Columns.All();
  }

  private static Columns outputColumns(Scope scope, int index) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (Node entry : scope.query.nodes("targetList")) {
      if (!entry.flag("resjunk")
          && entry.get("expr") instanceof Node variable
          && variable.is("VAR")
          && variable.index("varno") == index) {
        numbers.add(variable.index("varattno"));
      }
    }
    return new Columns.Some(numbers);
  }

  /** INSERT … VALUES without subqueries and without ON CONFLICT. */
  private static boolean isOwnWrite(Node query) {
    boolean plainInsert =
        query.index("commandType") == 3
            && !query.flag("hasSubLinks")
            && !query.flag("hasModifyingCTE")
            && query.get("onConflict") instanceof Tree.Nothing
            && query.get("cteList") instanceof Tree.Nothing;
    return plainInsert
        && query.nodes("rtable").stream()
            .allMatch(entry ->
                entry.index("rtekind") == 5
                    || entry.index("rtekind") == 8
                    || entry.index("rtekind") == Scope.RELATION)
        && query.nodes("rtable").stream()
                .filter(entry -> entry.index("rtekind") == Scope.RELATION)
                .count()
            == 1;
  }

  private Traits.RowOrder order(Node query, List<Scope> scopes) {
    boolean limited =
        scopes.stream()
            .map(scope -> scope.query)
            .anyMatch(level ->
                level.get("limitCount") instanceof Node
                    || level.get("limitOffset") instanceof Node
                    || level.flag("hasDistinctOn"));
    List<Node> sort = query.nodes("sortClause");
    if (sort.isEmpty()) {
      return new Traits.RowOrder(false, false, limited, Optional.empty());
    }
    Set<Integer> references =
        sort.stream().map(clause -> clause.index("tleSortGroupRef")).collect(Collectors.toSet());
    List<Node> keys =
        query.nodes("targetList").stream()
            .filter(entry -> references.contains(entry.index("ressortgroupref")))
            .toList();
    boolean shown = keys.stream().noneMatch(key -> key.flag("resjunk"));
    Optional<List<Integer>> outputs =
        shown
            ? Optional.of(keys.stream().map(key -> key.index("resno") - 1).toList())
            : Optional.empty();
    return new Traits.RowOrder(true, isTotal(query, references, keys), limited, outputs);
  }

  /**
   * Whether no two rows can tie: the sort covers a key of the only table, or everything grouped by.
   */
  private boolean isTotal(Node query, Set<Integer> references, List<Node> keys) {
    for (String clause : List.of("groupClause", "distinctClause")) {
      List<Node> groups = query.nodes(clause);
      if (!groups.isEmpty()
          && query.get("groupingSets") instanceof Tree.Nothing
          && !query.flag("hasDistinctOn")
          && !query.flag("hasTargetSRFs")) {
        return groups.stream()
            .allMatch(group -> references.contains(group.index("tleSortGroupRef")));
      }
    }
    List<Node> table = query.nodes("rtable");
    boolean plain =
        table.size() == 1
            && table.getFirst().index("rtekind") == Scope.RELATION
            && !query.flag("hasTargetSRFs");
    if (!plain || query.flag("hasAggs")) {
      return false;
    }
    SchemaSnapshot.Relation relation =
        schema.relations().get(new TableId(table.getFirst().number("relid")));
    if (relation == null || !relation.children().isEmpty() || !relation.shape().hasKey()) {
      return false;
    }
    return coversKey(relation.shape(), keys);
  }

  private static boolean coversKey(TableShape shape, List<Node> keys) {
    Set<Integer> sorted = new TreeSet<>();
    for (Node key : keys) {
      if (key.get("expr") instanceof Node variable && variable.is("VAR")) {
        sorted.add(variable.index("varattno"));
      }
    }
    return shape.keyColumns().stream().map(Column::number).allMatch(sorted::contains);
  }
}
