package dev.anabranch.promote.plan;

import dev.anabranch.base.Cell;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why some units can't be undone.
 *
 * @param units those that it holds directly
 * @param root it, as a person is told, but for the units held because of it
 */
record UndoReason(List<Long> units, Fact root) {

  private static final int ID_DIGITS = 10;

  /** Something that a table, or its definition, is in the way of. */
  static UndoReason constraint(String table, String sentence, List<Long> units) {
    return new UndoReason(
        units,
        fact(
            Fact.Kind.CONSTRAINT,
            sentence + "; these units stay on main",
            table,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /** A row that main refuses to have as it was. */
  static UndoReason rejected(Rejection rejection) {
    return new UndoReason(
        rejection.units(),
        fact(
            Fact.Kind.CONSTRAINT,
            "main refuses to take back row "
                + Reason.words(rejection.key())
                + " of "
                + rejection.table()
                + ": "
                + rejection.sentence()
                + "; see to that on main and undo again",
            rejection.table(),
            Optional.of(rejection.key()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  /**
   * A row that is not on main any more as the promotion left it.
   *
   * @param columns those that differ
   * @param before the row before the promotion, if there was one
   * @param written as the promotion left it, if it did
   * @param now as it is, if it is there
   */
  static UndoReason conflict(
      MainTable table,
      Map<String, String> key,
      String why,
      Collection<Integer> columns,
      Optional<Row> before,
      Optional<Row> written,
      Optional<Row> now,
      List<Long> units) {
    String name = table.shape().qualifiedName();
    return new UndoReason(
        units,
        fact(
            Fact.Kind.CONFLICT,
            (key.isEmpty() ? "a row of " : "row " + Reason.words(key) + " of ") + name + ": " + why,
            name,
            Optional.of(key).filter(known -> !known.isEmpty()),
            before.map(row -> named(table, row, columns)),
            written.map(row -> named(table, row, columns)),
            now.map(row -> named(table, row, columns))));
  }

  private static Fact fact(
      Fact.Kind kind,
      String sentence,
      String table,
      Optional<Map<String, String>> key,
      Optional<Map<String, @Nullable String>> base,
      Optional<Map<String, @Nullable String>> branch,
      Optional<Map<String, @Nullable String>> main) {
    List<String> about = new ArrayList<>(List.of(kind.name(), table));
    about.add(key.map(Object::toString).orElse(sentence));
    return new Fact(
        ShortDigest.of(ID_DIGITS, about),
        kind,
        Fact.Nature.MEANING,
        "",
        sentence,
        Optional.empty(),
        Optional.of(table),
        key,
        base,
        branch,
        main,
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** The fact with all the units held because of it. */
  Fact fact(List<Long> heldUnits) {
    return root.holding(heldUnits, List.of());
  }

  private static Map<String, @Nullable String> named(
      MainTable table, Row row, Collection<Integer> columns) {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int column : columns) {
      values.put(
          table.columnName(column),
          row.cell(column) instanceof Cell.Text(String text) ? text : null);
    }
    return values;
  }
}
