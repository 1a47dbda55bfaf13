package dev.anabranch.predicate.footprint;

import dev.anabranch.predicate.footprint.Tree.Node;
import dev.anabranch.predicate.footprint.Tree.UnreadableTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One query level: its range table, and which columns of its relations are mentioned anywhere,
 * deeper levels included.
 */
final class Scope {

  static final int RELATION = 0;
  static final int SUBQUERY = 1;
  static final int JOIN = 2;

  static final int UPDATE = 2;
  static final int INSERT = 3;
  static final int MERGE = 5;
  private static final int FIRST_LOW_INVALID_ATTRIBUTE = -7;

  final Node query;
  private final @Nullable Scope parent;
  private final List<Node> rangeTable;
  final Map<Integer, Scope> subqueries = new LinkedHashMap<>();
  private final Map<Integer, SortedSet<Integer>> columns = new LinkedHashMap<>();
  private final Set<Integer> wholeRows = new TreeSet<>();

  /** Conjuncts of outer levels that were pushed down to here. */
  final List<Tree> pushedDown = new ArrayList<>();

  private Scope(Node query, @Nullable Scope parent) {
    this.query = query;
    this.parent = parent;
    this.rangeTable = query.nodes("rtable");
  }

  /** All levels of a statement, each before those inside it. */
  static List<Scope> of(Node query) {
    List<Scope> all = new ArrayList<>();
    open(query, null, all);
    return all;
  }

  private static Scope open(Node query, @Nullable Scope parent, List<Scope> all) {
    Scope scope = new Scope(query, parent);
    all.add(scope);
    for (int i = 1; i <= scope.rangeTable.size(); i++) {
      scope.enter(i, all);
    }
    scope.permissions();
    query
        .fields()
        .forEach((field, values) -> {
          if (!field.equals("rtable") && !field.equals("rteperminfos")) {
            values.forEach(value -> scope.mention(value, all));
          }
        });
    return scope;
  }

  boolean isOutermost() {
    return parent == null;
  }

  /** Whether its rows, all of them and as they are, are what the statement inserts. */
  boolean isInserted() {
    if (parent == null || !parent.isOutermost() || parent.commandType() != INSERT) {
      return false;
    }
    Node joined = parent.query.node("jointree");
    List<Node> from = joined.nodes("fromlist");
    return joined.get("quals") instanceof Tree.Nothing
        && from.size() == 1
        && from.getFirst().is("RANGETBLREF")
        && parent.subqueries.get(from.getFirst().index("rtindex")) == this;
  }

  Node entry(int index) {
    if (index < 1 || index > rangeTable.size()) {
      throw new UnreadableTree("no range-table entry " + index);
    }
    return rangeTable.get(index - 1);
  }

  int size() {
    return rangeTable.size();
  }

  int kind(int index) {
    return entry(index).index("rtekind");
  }

  /**
   * A table whose rows are read. The row that ON CONFLICT calls "excluded" is none, and what an
   * INSERT writes to is none.
   */
  boolean isTable(int index) {
    String kind = kind(index) == RELATION ? entry(index).text("relkind") : "";
    boolean stored = !kind.isEmpty() && !kind.equals("v") && !kind.equals("c");
    return stored && !(commandType() == INSERT && index == target());
  }

  /** The table that this level writes, or 0. */
  int target() {
    return query.index("resultRelation");
  }

  int commandType() {
    return query.index("commandType");
  }

  /** The columns of a relation that anything mentions. */
  Columns columns(int index) {
    return wholeRows.contains(index)
        ? new Columns.All()
        : new Columns.Some(columns.getOrDefault(index, new TreeSet<>()));
  }

  private void enter(int index, List<Scope> all) {
    Node entry = entry(index);
    if (entry.index("rtekind") == SUBQUERY) {
      subqueries.put(index, open(entry.node("subquery"), this, all));
    }
    for (String field :
        List.of(
            "functions",
            "values_lists",
            "tablefunc",
            "tablesample",
            "securityQuals",
            "groupexprs")) {
      if (entry.has(field)) {
        mention(entry.get(field), all);
      }
    }
    if (entry.has("selectedCols")) {
      selected(index, entry);
    }
  }

  /** Since Postgres 16 the columns that need SELECT permission stand apart from the range table. */
  private void permissions() {
    List<Node> infos = query.nodes("rteperminfos");
    for (int i = 1; i <= rangeTable.size(); i++) {
      Node entry = entry(i);
      if (entry.index("rtekind") == RELATION
          && entry.has("perminfoindex")
          && entry.index("perminfoindex") > 0) {
        selected(i, infos.get(entry.index("perminfoindex") - 1));
      }
    }
  }

  private void selected(int index, Node holder) {
    if (kind(index) != RELATION || entry(index).text("relkind").equals("v")) {
      return; // The view that an UPDATE names stays there for the sake of its permissions.
    }
    for (Tree member : holder.list("selectedCols")) {
      if (member instanceof Tree.Atom(String text) && !text.equals("b")) {
        column(index, Integer.parseInt(text) + FIRST_LOW_INVALID_ATTRIBUTE);
      }
    }
  }

  private void mention(Tree tree, List<Scope> all) {
    if (tree instanceof Node node && node.is("QUERY")) {
      open(node, this, all);
    } else if (tree instanceof Node node && node.is("VAR")) {
      ancestor(node.index("varlevelsup"))
          .variable(node.index("varno"), node.index("varattno"), all);
    } else {
      tree.children().forEach(child -> mention(child, all));
    }
  }

  /** The level that many levels further out. */
  Scope ancestor(int levels) {
    Scope scope = this;
    for (int i = 0; i < levels; i++) {
      if (scope.parent == null) {
        throw new UnreadableTree("a variable of a level that is not there");
      }
      scope = scope.parent;
    }
    return scope;
  }

  private void variable(int index, int number, List<Scope> all) {
    switch (kind(index)) {
      case RELATION -> column(index, number);
      case JOIN -> {
        if (number <= 0) {
          for (int i = 1; i <= rangeTable.size(); i++) {
            wholeRows.add(i);
          }
        } else {
          mention(alias(index, number), all);
        }
      }
      default -> {}
    }
  }

  private void column(int index, int number) {
    if (entry(index).text("relkind").equals("v")) {
      throw new UnreadableTree("a view that was not expanded");
    }
    if (number <= 0) {
      wholeRows.add(index);
    } else {
      columns.computeIfAbsent(index, ignored -> new TreeSet<>()).add(number);
    }
  }

  /** What a column of a join stands for. */
  Tree alias(int joinIndex, int number) {
    List<Tree> aliases = entry(joinIndex).list("joinaliasvars");
    if (number > aliases.size()) {
      throw new UnreadableTree("no column " + number + " in join " + joinIndex);
    }
    return aliases.get(number - 1);
  }
}
