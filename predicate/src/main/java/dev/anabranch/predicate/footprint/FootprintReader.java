package dev.anabranch.predicate.footprint;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.mainfeed.schema.SchemaSnapshot.Unique;
import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.UnreadableTree;
import dev.anabranch.predicate.match.Condition;
import dev.anabranch.predicate.match.Scalar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From Postgres's analysed and rewritten query tree to a {@link Footprint}.
 *
 * <p>Names, casts, views and row security are resolved by Postgres itself, so what is left to get
 * wrong is here: which conjuncts may be pushed to a table ({@link Pushdown}), which columns count
 * ({@link Scope}) and what else an answer may depend on ({@link ImpurityCheck}). Whatever is not
 * recognised makes the footprint larger, never smaller.
 */
public final class FootprintReader {

  private static final int OLDEST = 150000;
  private static final int NEWEST = 190000;

  private final Catalog catalog;
  private final SchemaSnapshot schema;
  private final Functions functions;
  private final Combining combining;
  private final Traps traps;

  /**
   * @param catalog of the server that made the trees
   * @param schema of the same database
   * @param combining the columns of main that combine
   */
  public FootprintReader(Catalog catalog, SchemaSnapshot schema, Combining combining, Traps traps) {
    this.catalog = traps.has(Trap.EVERYTHING_IS_UTF8) ? catalog.inEncoding("UTF8") : catalog;
    this.schema = schema;
    this.functions = new Functions(this.catalog);
    this.combining = combining;
    this.traps = traps;
  }

  /**
   * @param tree what {@code debug_print_rewritten} printed for the statement
   * @param sql the statement
   * @param settings that are kept with the question, by lower-case name
   */
  public Footprint read(String tree, String sql, Map<String, String> settings) {
    if (catalog.serverVersionNumber() < OLDEST || catalog.serverVersionNumber() >= NEWEST) {
      return new Footprint.Unanswerable(
          "query trees of Postgres " + catalog.serverVersionNumber() + " are not known");
    }
    try {
      Tree parsed = NodeTree.parse(tree);
      KeptSettings kept = new KeptSettings(functions, settings);
      Optional<Node> query = onlyQuery(parsed);
      return query.isPresent() ? read(query.get(), sql, kept) : several(parsed, sql, kept);
    } catch (UnreadableTree e) {
      return new Footprint.Unanswerable("its query tree can't be read: " + e.getMessage());
    } catch (RuntimeException e) {
      return new Footprint.Unanswerable("its query tree has a form that is not understood: " + e);
    }
  }

  private static Optional<Node> onlyQuery(Tree tree) {
    List<Tree> queries = tree.children().toList();
    return tree instanceof Tree.Many
            && queries.size() == 1
            && queries.getFirst() instanceof Node node
            && node.is("QUERY")
        ? Optional.of(node)
        : Optional.empty();
  }

  /** A rule's work: what becomes of it is as open as what a function does. */
  private Footprint several(Tree queries, String sql, KeptSettings kept) {
    ImpurityCheck inspection = ImpurityCheck.of(queries, sql, functions, kept);
    Mentions mentions = Mentions.of(queries, sql, functions);
    return new Footprint.AlwaysRerun(
        "rules make several statements, or none, of it",
        new Traits(
            tables(inspection.relations(), mentions),
            inspection.timeDependent().map(ClockUse.Anytime::new),
            true,
            inspection.looksUp(),
            inspection.repeat(),
            inspection.writes(),
            mentions,
            Traits.RowOrder.NONE,
            inspection.asker()));
  }

  /** Whose rows it reads, or whose columns its types are made of. */
  private static Set<TableId> tables(Set<Long> oids, Mentions mentions) {
    return Stream.concat(oids.stream().map(TableId::new), mentions.rows().stream())
        .collect(Collectors.toSet());
  }

  private Footprint read(Node query, String sql, KeptSettings kept) {
    ImpurityCheck inspection = ImpurityCheck.of(query, sql, functions, kept);
    if (inspection.isNotOfData()) {
      return new Footprint.NotOfData();
    }
    if (inspection.unanswerable().isPresent()) {
      return new Footprint.Unanswerable(
          inspection.unanswerable().get(), beyondLog(inspection), true);
    }
    Mentions mentions = Mentions.of(query, sql, functions);
    Set<TableId> relations = tables(inspection.relations(), mentions);
    Optional<String> fired = inspection.writes().flatMap(this::runsUserCode);
    Optional<OperatedColumns> operations =
        OperatedColumns.of(
            query, functions, schema, combining, traps.has(Trap.OPERATIONS_READ_NOTHING));
    Traits traits =
        new Traits(
            relations,
            inspection.timeDependent().map(ClockUse.Anytime::new),
            inspection.userCode() || fired.isPresent(),
            inspection.looksUp(),
            inspection.repeat(),
            inspection.writes().map(all -> all.with(operations.map(OperatedColumns::assigned))),
            mentions,
            order(query),
            inspection.asker());
    Optional<String> rerun =
        inspection.alwaysRerun().or(() -> fired).or(() -> unknownRelation(relations));
    if (rerun.isPresent()) {
      Footprint.Besides besides =
          inspection.alwaysRerun().isEmpty() && fired.isPresent()
              ? Footprint.Besides.READ_BY_TRIGGERS
              : Footprint.Besides.READ_BY_ROUTINES;
      return new Footprint.AlwaysRerun(
          rerun.get(),
          traits,
          unknownRelation(relations).isPresent()
              ? Optional.empty()
              : words(query, traits, kept, inspection.moments(), besides));
    }
    Optional<String> further =
        queries(query).flatMap(level -> reachesFurther(level).stream()).findFirst();
    if (further.isPresent()) {
      return new Footprint.AlwaysRerun(
          further.get(),
          traits,
          words(query, traits, kept, inspection.moments(), Footprint.Besides.REFERRING_ROWS));
    }
    if (isOwnWrite(query)) {
      Condition given = new GivenRows(functions, Scope.of(query).getFirst()).inserted();
      return new Footprint.OwnWrite(!inspection.isDrawn(), traits, given);
    }
    return kept.in(operations.map(OperatedColumns::argumentsOnly).orElse(query))
            instanceof Node told
        ? reads(Scope.of(told), traits, inspection.moments())
        : new Footprint.AlwaysRerun("its settings can't be put into it", traits);
  }

  private Optional<Footprint.Words> words(
      Node query,
      Traits traits,
      KeptSettings kept,
      MomentWords.Found moments,
      Footprint.Besides besides) {
    return kept.in(query) instanceof Node told
        ? Optional.of(new Footprint.Words(reads(Scope.of(told), traits, moments), besides))
        : Optional.empty();
  }

  private Footprint.Reads reads(List<Scope> scopes, Traits traits, MomentWords.Found moments) {
    Pushdown pushdown = new Pushdown(functions, catalog.defaultCollationIsC(), traps);
    // A moment that is named stands in them as it was when the statement was analysed.
    Map<Scope, Map<Integer, Condition>> conditions =
        moments == MomentWords.Found.NONE ? conditions(scopes, pushdown) : Map.of();
    List<Occurrence> occurrences =
        traps.has(Trap.OPERATIONS_READ_NOTHING)
            ? withoutOperations(occurrences(scopes, conditions), traits)
            : occurrences(scopes, conditions);
    Optional<Rule> rule =
        occurrences.size() == 1
            ? new RuleReader(functions, pushdown, catalog.defaultCollationIsC()).read(scopes)
            : Optional.empty();
    return new Footprint.Reads(
        occurrences,
        traits.timeDependent().isEmpty()
            ? traits
            : traits.movingBy(new ClockReader(functions, scopes, conditions).read(moments)),
        rule);
  }

  private static List<Occurrence> withoutOperations(List<Occurrence> all, Traits traits) {
    Set<Integer> operatedOn =
        traits.writes().flatMap(Writes::assigned).map(Writes.Assigned::operatedOn).orElse(Set.of());
    if (operatedOn.isEmpty()) {
      return all;
    }
    return all.stream()
        .filter(one -> traits.writes().orElseThrow().targets().contains(one.table()))
        .map(one -> {
          if (!(one.columns() instanceof Columns.Some(var numbers))) {
            return one;
          }
          TreeSet<Integer> left = new TreeSet<>(numbers);
          left.removeAll(operatedOn);
          return new Occurrence(
              one.table(),
              one.withDescendants(),
              new Columns.Some(left),
              one.condition(),
              one.written());
        })
        .toList();
  }

  private Optional<String> beyondLog(ImpurityCheck inspection) {
    return inspection
        .largeObjects()
        .or(() ->
            inspection
                .writes()
                .flatMap(writes -> BeyondLog.oneOf(schema, writes.targets()))
                .map(table -> "it writes to " + table));
  }

  /** Whether writing to a table makes code of the user's run that no tree shows. */
  private Optional<String> runsUserCode(Writes writes) {
    return schema.withDescendants(writes.targets()).stream()
        .map(table -> schema.relations().get(table))
        .filter(relation -> relation == null || !relation.quiet())
        .findFirst()
        .map(relation ->
            relation == null
                ? "it writes to a table that the catalogs did not show"
                : "writing to "
                    + relation.shape().qualifiedName()
                    + " runs a trigger or a user-defined function");
  }

  /** Foreign keys that delete or change rows of other tables read those. */
  private Optional<String> reachesFurther(Node query) {
    boolean removes = query.index("commandType") == 4 || query.index("commandType") == Scope.MERGE;
    boolean renames = query.index("commandType") == Scope.UPDATE;
    if (!removes && !renames) {
      return Optional.empty();
    }
    SchemaSnapshot.Relation target =
        schema
            .relations()
            .get(
                new TableId(
                    query.nodes("rtable").get(query.index("resultRelation") - 1).number("relid")));
    boolean stays =
        target != null
            && schema.withDescendants(Set.of(target.shape().id())).stream()
                .map(table -> schema.relations().get(table))
                .allMatch(relation ->
                    relation != null
                        && (relation.alone()
                            || (renames && keeps(relation, assigned(query, target)))));
    return stays
        ? Optional.empty()
        : Optional.of("rows of other tables follow those that it removes or renames");
  }

  private static Set<String> assigned(Node query, SchemaSnapshot.Relation target) {
    Set<Integer> numbers =
        query.nodes("targetList").stream()
            .map(entry -> entry.index("resno"))
            .collect(Collectors.toSet());
    return target.shape().columns().stream()
        .filter(column -> numbers.contains(column.number()))
        .map(Column::name)
        .collect(Collectors.toSet());
  }

  private static boolean keeps(SchemaSnapshot.Relation relation, Set<String> assigned) {
    return !relation.followed().isEmpty()
        && relation.shape().columns().stream()
            .filter(column -> relation.followed().contains(column.number()))
            .noneMatch(column -> assigned.contains(column.name()));
  }

  private Optional<String> unknownRelation(Set<TableId> relations) {
    return relations.stream()
        .filter(relation -> !schema.relations().containsKey(relation))
        .findFirst()
        .map(relation -> "it reads relation " + relation + ", which the catalogs did not show");
  }

  private Map<Scope, Map<Integer, Condition>> conditions(List<Scope> scopes, Pushdown pushdown) {
    boolean mayRaise =
        !traps.has(Trap.NEVER_RAISES) && scopes.stream().anyMatch(pushdown::filtersMayRaise);
    Map<Scope, Map<Integer, Condition>> conditions = new HashMap<>();
    for (Scope scope : scopes) {
      // MERGE joins its target in a way of its own, and what does not match is written, too.
      boolean known = !mayRaise && scope.commandType() != Scope.MERGE;
      conditions.put(scope, known ? pushdown.conditions(scope) : Map.of());
    }
    return conditions;
  }

  private List<Occurrence> occurrences(
      List<Scope> scopes, Map<Scope, Map<Integer, Condition>> conditions) {
    List<Occurrence> occurrences = new ArrayList<>();
    for (Scope scope : scopes) {
      Map<Integer, Condition> here = conditions.getOrDefault(scope, Map.of());
      for (int i = 1; i <= scope.size(); i++) {
        if (scope.isTable(i)) {
          occurrences.add(occurrence(scope, i, here.getOrDefault(i, Condition.ALWAYS)));
        }
      }
      if (scope.commandType() == Scope.INSERT && scope.query.get("onConflict") instanceof Node) {
        occurrences.add(arbiter(scope));
      }
    }
    return occurrences;
  }

  /** ON CONFLICT looks for rows that have a key of the new ones. */
  private Occurrence arbiter(Scope scope) {
    TableId table = new TableId(scope.entry(scope.target()).number("relid"));
    return new Occurrence(
        table, true, new Columns.All(), new GivenRows(functions, scope).conflicting(), true);
  }

  private Occurrence occurrence(Scope scope, int index, Condition condition) {
    Node entry = scope.entry(index);
    TableId table = new TableId(entry.number("relid"));
    Columns columns =
        traps.has(Trap.OUTPUT_COLUMNS_ONLY) ? outputColumns(scope, index) : scope.columns(index);
    boolean written = scope.commandType() != 1 && index == scope.target();
    Columns counted =
        written && !traps.has(Trap.FORGET_WHICH_ROWS) ? withKey(table, columns) : columns;
    return new Occurrence(table, entry.flag("inh"), stored(table, counted), condition, written);
  }

  /** What is written to a row depends on which row it is. */
  private Columns withKey(TableId table, Columns columns) {
    SchemaSnapshot.Relation relation = schema.relations().get(table);
    if (relation == null
        || !relation.shape().hasKey()
        || (relation.kind() != 'p' && !relation.children().isEmpty())
        || !(columns instanceof Columns.Some(var numbers))) {
      return new Columns.All();
    }
    TreeSet<Integer> all = new TreeSet<>(numbers);
    relation.shape().keyColumns().forEach(column -> all.add(column.number()));
    return new Columns.Some(all);
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

  /** A query and all inside it. */
  private static Stream<Node> queries(Tree tree) {
    Stream<Node> inside = tree.children().flatMap(FootprintReader::queries);
    return tree instanceof Node node && node.is("QUERY")
        ? Stream.concat(Stream.of(node), inside)
        : inside;
  }

  private Traits.RowOrder order(Node query) {
    boolean limited =
        queries(query)
            .anyMatch(level ->
                (level.get("limitCount") instanceof Node
                        || level.get("limitOffset") instanceof Node
                        || level.flag("hasDistinctOn"))
                    && !isAggregate(level)
                    && !(level.equals(query) && isOneRow(query)));
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

  /** Whether it comes to one row, or by HAVING to none: a limit leaves no choice there either. */
  private static boolean isAggregate(Node level) {
    return level.flag("hasAggs")
        && level.get("groupClause") instanceof Tree.Nothing
        && level.get("groupingSets") instanceof Tree.Nothing
        && !level.flag("hasTargetSRFs");
  }

  /**
   * Whether it asks for the row with a given key, or what else is unique: at most one, so that a
   * limit leaves no choice.
   */
  private boolean isOneRow(Node query) {
    List<Node> tables = query.nodes("rtable");
    SchemaSnapshot.Relation relation =
        tables.size() == 1 && tables.getFirst().index("rtekind") == Scope.RELATION
            ? schema.relations().get(new TableId(tables.getFirst().number("relid")))
            : null;
    if (relation == null
        || relation.kind() != 'r'
        || !relation.children().isEmpty()
        || query.flag("hasTargetSRFs")) {
      return false;
    }
    Condition condition =
        new Pushdown(functions, catalog.defaultCollationIsC(), traps)
            .conditions(Scope.of(query).getFirst())
            .getOrDefault(1, Condition.ALWAYS);
    Stream<List<Integer>> keys =
        Stream.concat(
            Stream.of(relation.shape().keyColumns().stream().map(Column::number).toList()),
            relation.uniques().stream().filter(Unique::byColumns).map(Unique::columns));
    return keys.filter(key -> !key.isEmpty())
        .anyMatch(key -> key.stream().allMatch(column -> isGiven(condition, column)));
  }

  private static boolean isGiven(Condition condition, int column) {
    return switch (condition) {
      case Condition.And(List<Condition> parts) ->
          parts.stream().anyMatch(part -> isGiven(part, column));
      case Condition.Compare(var comparison, var ignored, Scalar left, Scalar right) ->
          comparison == Condition.Comparison.EQ
              && ((isColumn(left, column) && isValue(right))
                  || (isColumn(right, column) && isValue(left)));
      case Condition.Or ignored -> false;
      case Condition.Not ignored -> false;
      case Condition.Distinct ignored -> false;
      case Condition.Like ignored -> false;
      case Condition.IsNull ignored -> false;
      case Condition.Is ignored -> false;
      case Condition.Bare ignored -> false;
      case Condition.Unknown ignored -> false;
    };
  }

  private static boolean isColumn(Scalar scalar, int number) {
    return scalar instanceof Scalar.ColumnOf(int own, long ignored) && own == number;
  }

  private static boolean isValue(Scalar scalar) {
    return scalar instanceof Scalar.Literal || scalar instanceof Scalar.ParameterOf;
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
