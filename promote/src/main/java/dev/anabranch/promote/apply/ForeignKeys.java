package dev.anabranch.promote.apply;

import dev.anabranch.base.Identifiers;
import dev.anabranch.promote.plan.ForeignKey;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies foreign keys after the rows were written, because the setting that turns user triggers
 * off turns Postgres's own checks off too.
 *
 * <p>It does what Postgres's checks do, and with the same locks, so it is as safe against
 * concurrent writers. <em>A new reference</em>: the parent is locked FOR KEY SHARE, so that it
 * can't be deleted or re-keyed before this transaction ends, and then looked for again. <em>A
 * parent that went away</em>: its row was locked by the very statement that deleted or re-keyed it.
 * A writer that had referred to it before holds FOR KEY SHARE on it, so that statement waited for
 * it, and a fresh statement afterwards sees its child; a writer that comes later waits for this
 * transaction and then finds no parent. Every statement here has a snapshot of its own (READ
 * COMMITTED), taken after those waits.
 */
final class ForeignKeys {

  private final Connection connection;
  private final MainTable table;
  private final List<Integer> keyColumns;
  private final boolean leaveLocked;

  /**
   * @param leaveLocked whether a row stays behind whose parent, or a table of whose children,
   *     another transaction has locked, and fails nothing
   */
  ForeignKeys(
      Connection connection, MainTable table, List<Integer> keyColumns, boolean leaveLocked) {
    this.leaveLocked = leaveLocked;
    this.connection = connection;
    this.table = table;
    this.keyColumns = keyColumns;
  }

  /** The changes of this table that break a foreign key. */
  List<Rejection> violations(List<RowChange> changes) throws SQLException {
    List<Rejection> violations = new ArrayList<>();
    for (ForeignKey foreignKey : table.references()) {
      List<RowChange> referring =
          changes.stream().filter(change -> writes(change, foreignKey.childColumns())).toList();
      if (!referring.isEmpty()
          && keyColumns.isEmpty()
          && !table.stores(foreignKey.childColumns())) {
        violations.addAll(unseen(foreignKey, referring));
      } else if (!referring.isEmpty()) {
        violations.addAll(
            orRefusal(
                referring,
                () -> {
                  List<Rejection> found = new ArrayList<>(lockParents(foreignKey, referring));
                  found.addAll(orphans(foreignKey, referring));
                  return found;
                }));
      }
    }
    for (ForeignKey foreignKey : table.referencedBy()) {
      List<Integer> columns = table.numbersOf(foreignKey.parentColumns()).orElse(List.of());
      List<RowChange> leaving = changes.stream().filter(change -> leaves(change, columns)).toList();
      if (!leaving.isEmpty()) {
        violations.addAll(
            orRefusal(
                leaving,
                () ->
                    columns.isEmpty()
                        ? leftAsComputed(foreignKey, leaving)
                        : left(foreignKey, columns, leaving)));
      }
    }
    return violations;
  }

  private List<Rejection> unseen(ForeignKey foreignKey, List<RowChange> referring) {
    return referring.stream()
        .map(change ->
            RowWriter.rejection(
                table,
                keyColumns,
                change,
                "main computes what it refers to (foreign key "
                    + foreignKey.name()
                    + "), and the table has no key by which to look at that"))
        .toList();
  }

  @FunctionalInterface
  private interface Look {
    List<Rejection> take() throws SQLException;
  }

  /** A comparison that fails, in an operator of a user's, say, is no reason to land anything. */
  private List<Rejection> orRefusal(List<RowChange> changes, Look look) throws SQLException {
    Savepoint savepoint = connection.setSavepoint();
    try {
      List<Rejection> found = look.take();
      connection.releaseSavepoint(savepoint);
      return found;
    } catch (SQLException e) {
      boolean left = leaveLocked && MainRefusal.isLocked(e);
      if (!left && !MainRefusal.isOfTheRow(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      return changes.stream()
          .map(change -> RowWriter.rejection(table, keyColumns, change, MainRefusal.words(e)))
          .toList();
    }
  }

  /** What main computes may be another one after any change. */
  private boolean writes(RowChange change, List<Integer> columns) {
    return switch (change) {
      case RowChange.Insert insert -> true;
      case RowChange.Update update ->
          !table.stores(columns) || columns.stream().anyMatch(update.cells()::containsKey);
      case RowChange.Delete delete -> false;
    };
  }

  /**
   * @param columns empty where main computes them
   */
  private static boolean leaves(RowChange change, List<Integer> columns) {
    return switch (change) {
      case RowChange.Insert insert -> false;
      case RowChange.Update update ->
          columns.isEmpty()
              || (columns.stream().anyMatch(update.cells()::containsKey)
                  && update.before().row().values(columns).isPresent());
      case RowChange.Delete delete ->
          columns.isEmpty() || delete.before().row().values(columns).isPresent();
    };
  }

  /** The changes whose parents can't be had and are not waited for. */
  private List<Rejection> lockParents(ForeignKey foreignKey, List<RowChange> referring)
      throws SQLException {
    Keyed keyed = childrenOf(foreignKey, referring);
    String from =
        keyed.source()
            + " "
            + children(foreignKey)
            + " JOIN "
            + foreignKey.parentName()
            + " AS p ON "
            + parentMatches(foreignKey);
    if (leaveLocked) {
      return LockedRows.numbers(connection, keyed, from, "KEY SHARE OF p").stream()
          .map(number ->
              RowWriter.rejection(
                  table,
                  keyColumns,
                  referring.get(number - 1),
                  "of the row that it refers to, " + MainRefusal.LOCKED))
          .toList();
    }
    try (PreparedStatement statement =
        keyed.prepare(
            connection,
            "SELECT count(*) FROM (SELECT FROM " + from + " FOR KEY SHARE OF p) AS locked")) {
      statement.execute();
    }
    return List.of();
  }

  private List<Rejection> orphans(ForeignKey foreignKey, List<RowChange> referring)
      throws SQLException {
    Keyed keyed = childrenOf(foreignKey, referring);
    String together = foreignKey.matchFull() ? " OR " : " AND ";
    String refers =
        foreignKey.childColumnNames().stream()
            .map(name -> "r." + Identifiers.quote(name) + " IS NOT NULL")
            .collect(Collectors.joining(together, "(", ")"));
    String sql =
        "SELECT v.n FROM "
            + keyed.source()
            + " "
            + children(foreignKey)
            + " WHERE "
            + refers
            + " AND NOT EXISTS (SELECT FROM "
            + foreignKey.parentName()
            + " AS p WHERE "
            + parentMatches(foreignKey)
            + ")";
    return rejected(
        keyed,
        sql,
        referring,
        "it would refer to a row that does not exist (foreign key " + foreignKey.name() + ")");
  }

  private List<Rejection> left(
      ForeignKey foreignKey, List<Integer> columns, List<RowChange> leaving) throws SQLException {
    Keyed keyed = new Keyed();
    for (int i = 0; i < columns.size(); i++) {
      int place = i;
      List<@Nullable String> values = new ArrayList<>();
      leaving.forEach(change -> values.add(before(change, columns).get(place)));
      keyed.column("k" + i, values);
    }
    String childMatches =
        matches(
            foreignKey,
            i -> Keyed.cast("k" + i, table, columns.get(i)),
            i -> "c." + Identifiers.quote(foreignKey.childColumnNames().get(i)));
    String stillThere =
        IntStream.range(0, columns.size())
            .mapToObj(i ->
                foreignKey
                    .comparisons()
                    .get(i)
                    .ofParents(
                        "p." + Identifiers.quote(foreignKey.parentColumns().get(i)),
                        Keyed.cast("k" + i, table, columns.get(i))))
            .collect(Collectors.joining(" AND "));
    String sql =
        "SELECT v.n FROM "
            + keyed.source()
            + " WHERE EXISTS (SELECT FROM "
            + foreignKey.childName()
            + " AS c WHERE "
            + childMatches
            + ")"
            + " AND NOT EXISTS (SELECT FROM "
            + foreignKey.parentName()
            + " AS p WHERE "
            + stillThere
            + ")";
    return rejected(keyed, sql, leaving, stillNamed(foreignKey));
  }

  /**
   * What these rows were named by is gone with them, so all that refers to any row is looked at.
   */
  private List<Rejection> leftAsComputed(ForeignKey foreignKey, List<RowChange> leaving)
      throws SQLException {
    String sql =
        "SELECT EXISTS (SELECT FROM "
            + foreignKey.childName()
            + " AS c WHERE "
            + foreignKey.childColumnNames().stream()
                .map(name -> "c." + Identifiers.quote(name) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "))
            + " AND NOT EXISTS (SELECT FROM "
            + foreignKey.parentName()
            + " AS p WHERE "
            + matches(
                foreignKey,
                i -> "p." + Identifiers.quote(foreignKey.parentColumns().get(i)),
                i -> "c." + Identifiers.quote(foreignKey.childColumnNames().get(i)))
            + "))";
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      result.next();
      return result.getBoolean(1)
          ? leaving.stream()
              .map(change -> RowWriter.rejection(table, keyColumns, change, stillNamed(foreignKey)))
              .toList()
          : List.of();
    }
  }

  private static String stillNamed(ForeignKey foreignKey) {
    return "rows of "
        + foreignKey.childName()
        + " refer to it (foreign key "
        + foreignKey.name()
        + ")";
  }

  private static List<String> before(RowChange change, List<Integer> columns) {
    Optional<List<String>> values =
        switch (change) {
          case RowChange.Insert insert -> Optional.empty();
          case RowChange.Update update -> update.before().row().values(columns);
          case RowChange.Delete delete -> delete.before().row().values(columns);
        };
    return values.orElseThrow();
  }

  private static String matches(
      ForeignKey foreignKey, IntFunction<String> parent, IntFunction<String> child) {
    return IntStream.range(0, foreignKey.comparisons().size())
        .mapToObj(i -> foreignKey.comparisons().get(i).of(parent.apply(i), child.apply(i)))
        .collect(Collectors.joining(" AND "));
  }

  /** The rows as they are now, or what was written where they can't be found again. */
  private String children(ForeignKey foreignKey) {
    return keyColumns.isEmpty()
        ? foreignKey.childColumns().stream()
            .map(column ->
                Keyed.cast("f" + column, table, column) + " AS " + Keyed.quoted(table, column))
            .collect(Collectors.joining(", ", "CROSS JOIN LATERAL (SELECT ", ") AS r"))
        : "JOIN ONLY "
            + table.shape().quotedName()
            + " AS r ON "
            + Keyed.keyCondition(table, keyColumns);
  }

  private String parentMatches(ForeignKey foreignKey) {
    return matches(
        foreignKey,
        i -> "p." + Identifiers.quote(foreignKey.parentColumns().get(i)),
        i -> "r." + Identifiers.quote(foreignKey.childColumnNames().get(i)));
  }

  private Keyed childrenOf(ForeignKey foreignKey, List<RowChange> changes) {
    Keyed keyed = new Keyed();
    if (!keyColumns.isEmpty()) {
      return MainReader.withKeys(
          keyed,
          keyColumns,
          changes.size(),
          row -> RowWriter.keyAfter(changes.get(row), keyColumns));
    }
    for (int column : foreignKey.childColumns()) {
      List<@Nullable String> values = new ArrayList<>();
      changes.forEach(change -> values.add(RowWriter.rowAfter(change).cell(column).text()));
      keyed.column("f" + column, values);
    }
    return keyed;
  }

  private List<Rejection> rejected(
      Keyed keyed, String sql, List<RowChange> changes, String sentence) throws SQLException {
    List<Rejection> rejections = new ArrayList<>();
    try (PreparedStatement statement = keyed.prepare(connection, sql);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rejections.add(
            RowWriter.rejection(table, keyColumns, changes.get(result.getInt(1) - 1), sentence));
      }
    }
    return rejections;
  }
}
