package dev.anabranch.promote.apply;

import dev.anabranch.base.Identifiers;
import dev.anabranch.promote.plan.DeferredUnique;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies keys and unique constraints that are deferrable after the rows were written: the setting
 * that turns user triggers off turns off the triggers by which Postgres itself looks at those.
 *
 * <p>Other writers of such a table wait from before the first row is written until the end, since
 * one of them whose own look came before these rows, and whose commit comes after the look here,
 * would be seen by neither.
 */
final class DeferredUniques {

  private final Connection connection;
  private final MainTable table;
  private final List<Integer> keyColumns;

  DeferredUniques(Connection connection, MainTable table, List<Integer> keyColumns) {
    this.connection = connection;
    this.table = table;
    this.keyColumns = keyColumns;
  }

  /** The tables off which other writers have to be kept. */
  static List<MainTable> tables(Plan plan, List<RowChange> changes) {
    return plan.tables().values().stream()
        .filter(table ->
            changes.stream()
                .filter(change -> change.table().equals(table.id()))
                .anyMatch(change ->
                    table.deferred().stream().anyMatch(unique -> writes(table, change, unique))))
        .toList();
  }

  /** The changes that give a row what another has. */
  List<Rejection> violations(List<RowChange> changes) throws SQLException {
    List<Rejection> violations = new ArrayList<>();
    for (DeferredUnique unique : table.deferred()) {
      List<RowChange> written =
          changes.stream().filter(change -> writes(table, change, unique)).toList();
      if (!written.isEmpty()) {
        violations.addAll(
            table.stores(unique.columns())
                ? taken(unique, written)
                : takenAsComputed(unique, written));
      }
    }
    return violations;
  }

  private static boolean writes(MainTable table, RowChange change, DeferredUnique unique) {
    return switch (change) {
      case RowChange.Insert insert -> true;
      case RowChange.Update update ->
          !table.stores(unique.columns())
              || unique.columns().stream().anyMatch(update.cells()::containsKey);
      case RowChange.Delete delete -> false;
    };
  }

  /** What main computes is read from the rows themselves, once they are there. */
  private List<Rejection> takenAsComputed(DeferredUnique unique, List<RowChange> written)
      throws SQLException {
    if (keyColumns.isEmpty()) {
      return written.stream()
          .map(change ->
              RowWriter.rejection(
                  table,
                  keyColumns,
                  change,
                  "main computes what is unique (constraint "
                      + unique.name()
                      + "), and the table has no key by which to look at that"))
          .toList();
    }
    Keyed keyed =
        MainReader.withKeys(
            new Keyed(),
            keyColumns,
            written.size(),
            row -> RowWriter.keyAfter(written.get(row), keyColumns));
    String same =
        unique.columnNames().stream()
            .map(Identifiers::quote)
            .map(name ->
                unique.nullsDistinct()
                    ? "p." + name + " = r." + name
                    : "p." + name + " IS NOT DISTINCT FROM r." + name)
            .collect(Collectors.joining(" AND "));
    return found(
        unique,
        written,
        keyed,
        keyed.source()
            + " JOIN ONLY "
            + table.shape().quotedName()
            + " AS r ON "
            + Keyed.keyCondition(table, keyColumns),
        same);
  }

  private List<Rejection> taken(DeferredUnique unique, List<RowChange> written)
      throws SQLException {
    List<Integer> columns = unique.columns();
    Keyed keyed = new Keyed();
    for (int i = 0; i < columns.size(); i++) {
      int column = columns.get(i);
      List<@Nullable String> values = new ArrayList<>();
      written.forEach(change -> values.add(RowWriter.rowAfter(change).cell(column).text()));
      keyed.column("c" + i, values);
    }
    String same =
        IntStream.range(0, columns.size())
            .mapToObj(i -> same(unique, columns.get(i), Keyed.cast("c" + i, table, columns.get(i))))
            .collect(Collectors.joining(" AND "));
    return found(unique, written, keyed, keyed.source(), same);
  }

  private List<Rejection> found(
      DeferredUnique unique, List<RowChange> written, Keyed keyed, String from, String same)
      throws SQLException {
    String sql =
        "SELECT v.n FROM "
            + from
            + " WHERE (SELECT count(*) FROM (SELECT FROM ONLY "
            + table.shape().quotedName()
            + " AS p WHERE "
            + same
            + " LIMIT 2) AS those) > 1";
    List<Rejection> rejections = new ArrayList<>();
    try (PreparedStatement statement = keyed.prepare(connection, sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rejections.add(
            RowWriter.rejection(
                table,
                keyColumns,
                written.get(result.getInt(1) - 1),
                "another row has the same values (constraint " + unique.name() + ")"));
      }
    }
    return rejections;
  }

  private String same(DeferredUnique unique, int column, String value) {
    String own = "p." + Identifiers.quote(table.columnName(column));
    String equal = own + " " + table.equalities().getOrDefault(column, "=") + " " + value;
    return unique.nullsDistinct()
        ? equal
        : "(" + equal + " OR (" + own + " IS NULL AND " + value + " IS NULL))";
  }
}
