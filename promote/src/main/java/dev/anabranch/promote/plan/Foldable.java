package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TypeOid;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tells whether, and in which columns, a table's rows can be folded back at all. */
final class Foldable {

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final long INT2 = TypeOid.INT2;
  private static final long INT4 = TypeOid.INT4;
  private static final long INT8 = TypeOid.INT8;
  private static final long NUMERIC = TypeOid.NUMERIC;
  private static final long TEXT = TypeOid.TEXT;
  private static final long VARCHAR = TypeOid.VARCHAR;

  private static final Map<Long, Set<Long>> WIDER =
      Map.of(
          INT2, Set.of(INT4, INT8, NUMERIC),
          INT4, Set.of(INT8, NUMERIC),
          INT8, Set.of(NUMERIC),
          VARCHAR, Set.of(TEXT),
          TEXT, Set.of(VARCHAR));

  private final PlanInput input;
  private final Map<TableId, List<Integer>> keys = new HashMap<>();
  private final Map<TableId, Set<Integer>> comparable = new HashMap<>();

  Foldable(PlanInput input) {
    this.input = input;
  }

  /**
   * Why writes of the branch to a table can't be folded back, as a sentence, or empty when they
   * can.
   *
   * @param onBranch the table's layout when the branch wrote it
   */
  Optional<String> obstacle(TableShape onBranch) {
    TableShape atFork = input.shapesAtFork().get(onBranch.id());
    String name = onBranch.qualifiedName();
    if (atFork == null) {
      return Optional.of(
          "table " + name + " was created on the branch, and schema changes are not folded back");
    }
    if (!layoutOf(atFork).equals(layoutOf(onBranch))) {
      return Optional.of(
          "columns of table "
              + name
              + " were altered on the branch, and schema changes are not folded back");
    }
    MainTable now = input.main().get(onBranch.id());
    if (now == null && atFork.columns().isEmpty()) {
      return Optional.of("table " + name + " has no column that would tell its rows apart");
    }
    if (now == null) {
      return Optional.of("table " + name + " was dropped on main");
    }
    return obstacleOnMain(now, keyColumns(onBranch.id()));
  }

  /** Of a table whose rows can be folded back all the same. */
  static String altered(TableShape table) {
    return "table "
        + table.qualifiedName()
        + " was altered or written anew on the branch; that is not folded back, only rows are";
  }

  private Optional<String> obstacleOnMain(MainTable now, List<Integer> key) {
    String name = now.shape().qualifiedName();
    if (!key.isEmpty()
        && (!comparableColumns(now.id()).containsAll(key)
            || !now.uniques().contains(Set.copyOf(key)))) {
      return Optional.of("the key of table " + name + " is another on main than at the fork point");
    }
    return now.obstacles().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "nothing can be folded back into table "
                + name
                + ": "
                + String.join("; ", now.obstacles()));
  }

  /** The numbers of the key's columns. */
  List<Integer> keyColumns(TableId table) {
    return keys.computeIfAbsent(table, this::keyAtFork);
  }

  private List<Integer> keyAtFork(TableId table) {
    TableShape atFork = input.shapesAtFork().get(table);
    return atFork == null ? List.of() : atFork.keyColumns().stream().map(Column::number).toList();
  }

  /**
   * Whether every text of one type is the same value in another: of the first or of a wider type.
   */
  private static boolean reads(long now, long atFork) {
    return now == atFork || WIDER.getOrDefault(atFork, Set.of()).contains(now);
  }

  /** The columns that main still has, with the type they had at the fork point or a wider one. */
  Set<Integer> comparableColumns(TableId table) {
    return comparable.computeIfAbsent(table, this::knownToBoth);
  }

  private Set<Integer> knownToBoth(TableId table) {
    MainTable now = input.main().get(table);
    TableShape atFork = input.shapesAtFork().get(table);
    Set<Integer> columns = new HashSet<>();
    if (now != null && atFork != null) {
      for (Column column : atFork.columns()) {
        if (now.column(column.number())
            .filter(other -> reads(other.typeOid(), column.typeOid()))
            .isPresent()) {
          columns.add(column.number());
        }
      }
    }
    return columns;
  }

  /**
   * Main's row in the words of the branch, where main has given a number another scale since: 1 and
   * 1.00 are equal, and nobody changed anything.
   */
  Row likeBranch(TableId table, Row onMain, Row onBranch) {
    MainTable now = input.main().get(table);
    TableShape atFork = input.shapesAtFork().get(table);
    if (now == null || atFork == null) {
      return onMain;
    }
    Row row = onMain;
    for (Column column : atFork.columns()) {
      Optional<Column> other =
          now.column(column.number()).filter(found -> found.typeOid() == NUMERIC);
      if (other.isPresent()
          && (other.get().typeOid() != column.typeOid()
              || other.get().typeModifier() != column.typeModifier())
          && sameNumber(row.cell(column.number()), onBranch.cell(column.number()))) {
        row = row.with(List.of(column.number()), List.of(onBranch.value(column.number())));
      }
    }
    return row;
  }

  private static boolean sameNumber(Cell one, Cell other) {
    return one instanceof Cell.Text(String first)
        && other instanceof Cell.Text(String second)
        && NUMBER.matcher(first).matches()
        && NUMBER.matcher(second).matches()
        && new BigDecimal(first).compareTo(new BigDecimal(second)) == 0;
  }

  /** Numbers and types: what must be equal for an image to be read under the fork's layout. */
  private static Set<List<Long>> layoutOf(TableShape shape) {
    return shape.columns().stream()
        .map(column -> List.of((long) column.number(), column.typeOid()))
        .collect(Collectors.toSet());
  }
}
