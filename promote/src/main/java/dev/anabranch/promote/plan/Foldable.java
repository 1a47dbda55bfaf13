package dev.anabranch.promote.plan;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells whether, and in which columns, a table's rows can be folded back at all. */
final class Foldable {

  private final PlanInput input;

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
    if (input.alteredOnBranch().contains(onBranch.id())
        || !layoutOf(atFork).equals(layoutOf(onBranch))) {
      return Optional.of(altered(onBranch));
    }
    if (!atFork.hasKey()) {
      return Optional.of("table " + name + " has no key, so its rows can't be found again on main");
    }
    MainTable now = input.main().get(onBranch.id());
    if (now == null) {
      return Optional.of("table " + name + " was dropped on main");
    }
    return obstacleOnMain(now, keyColumns(onBranch.id()));
  }

  static String altered(TableShape table) {
    return "table "
        + table.qualifiedName()
        + " was altered on the branch, and schema changes are not folded back";
  }

  private Optional<String> obstacleOnMain(MainTable now, List<Integer> key) {
    String name = now.shape().qualifiedName();
    if (!comparableColumns(now.id()).containsAll(key) || !now.uniques().contains(Set.copyOf(key))) {
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
    TableShape atFork = input.shapesAtFork().get(table);
    return atFork == null ? List.of() : atFork.keyColumns().stream().map(Column::number).toList();
  }

  /** The columns that main still has, with the type they had at the fork point. */
  Set<Integer> comparableColumns(TableId table) {
    MainTable now = input.main().get(table);
    TableShape atFork = input.shapesAtFork().get(table);
    Set<Integer> columns = new HashSet<>();
    if (now != null && atFork != null) {
      for (Column column : atFork.columns()) {
        if (now.column(column.number())
            .filter(other -> other.typeOid() == column.typeOid())
            .isPresent()) {
          columns.add(column.number());
        }
      }
    }
    return columns;
  }

  /** Numbers and types: what must be equal for an image to be read under the fork's layout. */
  private static Set<List<Long>> layoutOf(TableShape shape) {
    return shape.columns().stream()
        .map(column -> List.of((long) column.number(), column.typeOid()))
        .collect(Collectors.toSet());
  }
}
