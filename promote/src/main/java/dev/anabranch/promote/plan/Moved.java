package dev.anabranch.promote.plan;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is the same thing elsewhere, and lands there without anybody being asked: rows of tables and
 * columns that main calls otherwise, rows whose numbers main has given out, and rows that both
 * sides gave the same values.
 */
final class Moved {

  /** The most rows of one table that are told one by one. */
  private static final int ROWS_LIMIT = 100;

  private final PlanInput input;
  private final List<Fact> facts = new ArrayList<>();

  private Moved(PlanInput input) {
    this.input = input;
  }

  /**
   * All of it, facts of the nature {@code address}.
   *
   * @param agreed rows that main has as the branch has them, by what they are
   */
  static List<Fact> of(
      PlanInput input,
      List<RowChange> changes,
      List<NumberRequest> numbers,
      List<Agreement> agreed) {
    Moved moved = new Moved(input);
    moved.renamed(changes);
    moved.renumbered(changes, numbers);
    agreed.stream().limit(ROWS_LIMIT).forEach(moved::agreed);
    return List.copyOf(moved.facts);
  }

  /**
   * A row that main has as the branch has it.
   *
   * @param there whether both have it, or both deleted it
   */
  record Agreement(MainTable table, Map<String, String> key, boolean there, List<Long> units) {}

  private void renamed(List<RowChange> changes) {
    Map<TableId, TreeSet<Long>> units = new LinkedHashMap<>();
    changes.forEach(change ->
        units.computeIfAbsent(change.table(), _ -> new TreeSet<>()).addAll(change.units()));
    units.forEach((id, own) -> {
      TableShape then = input.shapesAtFork().get(id);
      MainTable now = input.main().get(id);
      if (then == null || now == null) {
        return;
      }
      List<String> names = new ArrayList<>();
      if (!then.qualifiedName().equals(now.shape().qualifiedName())) {
        names.add("table " + then.qualifiedName() + " is " + now.shape().qualifiedName());
      }
      for (Column column : then.columns()) {
        if (now.column(column.number()).isPresent()
            && !now.columnName(column.number()).equals(column.name())) {
          names.add(
              "column "
                  + column.name()
                  + " of "
                  + then.qualifiedName()
                  + " is "
                  + now.columnName(column.number()));
        }
      }
      if (!names.isEmpty()) {
        add(
            now,
            Optional.empty(),
            List.of("renamed"),
            String.join(", ", names) + " on main, and its rows land there",
            List.copyOf(own));
      }
    });
  }

  private void renumbered(List<RowChange> changes, List<NumberRequest> numbers) {
    Map<TableId, Map<Integer, TreeSet<Long>>> given = new LinkedHashMap<>();
    numbers.stream()
        .filter(number -> !number.keepable())
        .forEach(number ->
            given
                .computeIfAbsent(number.table(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(number.column(), _ -> new TreeSet<>())
                .add(number.value()));
    given.forEach((table, columns) -> {
      MainTable main = input.main().get(table);
      TreeSet<Long> units = new TreeSet<>();
      changes.stream()
          .filter(change -> change.table().equals(table) && change instanceof RowChange.Insert)
          .forEach(change -> units.addAll(change.units()));
      columns.forEach((column, values) -> {
        if (main != null) {
          add(
              main,
              Optional.empty(),
              List.of("renumbered", column.toString()),
              "main has given out "
                  + main.columnName(column)
                  + " "
                  + shown(values)
                  + " of "
                  + main.shape().qualifiedName()
                  + ", so these rows and what names them get main's next",
              List.copyOf(units));
        }
      });
    });
  }

  private static String shown(Set<Long> values) {
    List<String> first =
        values.stream().limit(ROWS_LIMIT).map(value -> Long.toString(value)).toList();
    return String.join(", ", first) + (values.size() > ROWS_LIMIT ? ", …" : "");
  }

  private void agreed(Agreement agreement) {
    String row =
        "row " + Reason.words(agreement.key()) + " of " + agreement.table().shape().qualifiedName();
    add(
        agreement.table(),
        Optional.of(agreement.key()),
        List.of("agreed", agreement.key().toString()),
        row
            + (agreement.there()
                ? " has on main what the branch gave it"
                : " is deleted on main as well"),
        agreement.units());
  }

  private void add(
      MainTable table,
      Optional<Map<String, String>> key,
      List<String> about,
      String sentence,
      List<Long> units) {
    List<String> name = new ArrayList<>(List.of("moved", table.id().toString()));
    name.addAll(about);
    Fact.Kind kind = key.isPresent() ? Fact.Kind.CONFLICT : Fact.Kind.CONSTRAINT;
    facts.add(
        new Fact(
            input.decisions().id(kind, name),
            kind,
            Fact.Nature.ADDRESS,
            Decisions.state(List.of(sentence)),
            sentence,
            Optional.empty(),
            Optional.of(table.shape().qualifiedName()),
            key,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            units,
            units.stream().map(input.provenance()::task).distinct().sorted().toList(),
            List.of(),
            Optional.empty()));
  }
}
