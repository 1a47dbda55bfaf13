package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.CellValue;
import dev.anabranch.promote.plan.Cells;
import dev.anabranch.promote.plan.ForeignKey;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Row;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows in sets: one statement for each table and set of columns, deletes first, then
 * updates, then inserts.
 *
 * <p>Every update and delete is conditional on the row's version ({@code xmin}) being the one the
 * merge was made with. That is exact for all types, where a comparison of values would need an
 * equality that json, xml or point do not have, and it also notices a change that was changed back.
 * A statement that meets fewer rows than planned means that main moved.
 */
final class RowStatements {

  private static final int ROWS_PER_STATEMENT = 5_000;

  private final Connection connection;
  private final SearchPaths paths;
  private final Map<TableId, MainTable> tables;
  private final Map<TableId, List<Integer>> keyColumns;
  private final CommitWatch watch;

  RowStatements(
      Connection connection,
      SearchPaths paths,
      Map<TableId, MainTable> tables,
      Map<TableId, List<Integer>> keyColumns,
      CommitWatch watch) {
    this.watch = watch;
    this.paths = paths;
    this.connection = connection;
    this.tables = tables;
    this.keyColumns = keyColumns;
  }

  /** Main has moved since the plan was made. */
  static final class MovedException extends Exception {
    private static final long serialVersionUID = 1;

    MovedException(String message) {
      super(message);
    }
  }

  /** A set of rows that one statement writes. */
  private record Batch(Kind kind, TableId table, String path, NavigableSet<Integer> columns) {}

  private enum Kind {
    DELETE,
    REMAKE,
    UPDATE,
    INSERT
  }

  /** Writes rows, each in place. */
  void write(List<RowChange> changes) throws SQLException, MovedException {
    write(changes, false);
  }

  /**
   * Writes rows among which values that are unique change places. Postgres looks at a unique index
   * row by row, so no order of updates would do for a ring. Rows that give away such a value are
   * taken out and put in again by one statement, all of them before the first goes in.
   *
   * <p>A writer who refers to such a row in that moment would wait and then find it gone, so those
   * who could wait for the table instead.
   */
  void writeInExchange(List<RowChange> changes) throws SQLException, MovedException {
    NavigableSet<String> children = new TreeSet<>();
    for (RowChange change : changes) {
      if (movesUniqueValue(change)) {
        table(change.table()).referencedBy().stream()
            .map(ForeignKey::childName)
            .forEach(children::add);
      }
    }
    if (!children.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "LOCK TABLE " + String.join(", ", children) + " IN SHARE ROW EXCLUSIVE MODE");
      }
    }
    write(changes, true);
  }

  /** Whether an update writes what a unique index or an exclusion constraint looks at. */
  boolean movesUniqueValue(RowChange change) {
    return change instanceof RowChange.Update update
        && update.cells().keySet().stream().anyMatch(table(update.table()).indexed()::contains);
  }

  private void write(List<RowChange> changes, boolean inExchange)
      throws SQLException, MovedException {
    for (Map.Entry<Batch, List<RowChange>> batch : batches(changes, inExchange).entrySet()) {
      List<RowChange> rows = batch.getValue();
      int limit = batch.getKey().kind() == Kind.REMAKE ? rows.size() : ROWS_PER_STATEMENT;
      paths.use(batch.getKey().path());
      for (int from = 0; from < rows.size(); from += limit) {
        write(batch.getKey(), rows.subList(from, Math.min(rows.size(), from + limit)));
      }
      paths.use(SearchPaths.OWN);
    }
  }

  private SequencedMap<Batch, List<RowChange>> batches(List<RowChange> changes, boolean inExchange)
      throws SQLException {
    Map<Kind, SequencedMap<Batch, List<RowChange>>> byKind = new EnumMap<>(Kind.class);
    for (RowChange change : changes) {
      Batch batch =
          inExchange && movesUniqueValue(change)
              ? new Batch(Kind.REMAKE, change.table(), remaking(changes), new TreeSet<>())
              : batch(change);
      byKind
          .computeIfAbsent(batch.kind(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(batch, _ -> new ArrayList<>())
          .add(change);
    }
    SequencedMap<Batch, List<RowChange>> batches = new LinkedHashMap<>();
    byKind.values().forEach(batches::putAll);
    return batches;
  }

  /** What changes places is written by one statement. */
  private String remaking(List<RowChange> changes) throws SQLException {
    return path(changes.getLast());
  }

  /** Names of objects in rows, by which a row without a key is found, are spelled by the path. */
  private String path(RowChange change) throws SQLException {
    boolean foundByText =
        keyColumns.getOrDefault(change.table(), List.of()).isEmpty()
            && table(change.table()).types().values().stream().anyMatch(t -> t.startsWith("reg"));
    boolean runsNothing = change instanceof RowChange.Delete;
    return runsNothing || (foundByText && !(change instanceof RowChange.Insert))
        ? SearchPaths.OWN
        : paths.of(change);
  }

  private Batch batch(RowChange change) throws SQLException {
    NavigableSet<Integer> columns = new TreeSet<>(cellsOf(change).keySet());
    String path = path(change);
    return switch (change) {
      case RowChange.Delete delete -> new Batch(Kind.DELETE, delete.table(), path, columns);
      case RowChange.Update update -> new Batch(Kind.UPDATE, update.table(), path, columns);
      case RowChange.Insert insert -> new Batch(Kind.INSERT, insert.table(), path, columns);
    };
  }

  private void write(Batch batch, List<RowChange> rows) throws SQLException, MovedException {
    MainTable table = table(batch.table());
    List<Integer> key = keyColumns.getOrDefault(batch.table(), List.of());
    NavigableSet<Integer> written = new TreeSet<>(batch.columns());
    if (batch.kind() == Kind.REMAKE) {
      rows.forEach(row -> written.addAll(cellsOf(row).keySet()));
    }
    List<Integer> columns = List.copyOf(written);
    Keyed keyed = new Keyed();
    if (batch.kind() != Kind.INSERT) {
      MainReader.withKeys(keyed, key, rows.size(), row -> rows.get(row).key());
      keyed.column("x", new ArrayList<>(rows.stream().map(RowStatements::version).toList()));
    }
    for (int i = 0; i < columns.size(); i++) {
      keyed.column("c" + i, cells(rows, columns.get(i)));
      if (batch.kind() == Kind.REMAKE) {
        keyed.column("s" + i, isWritten(rows, columns.get(i)));
      }
    }
    String sql =
        switch (batch.kind()) {
          case DELETE -> deleteSql(table, key, keyed);
          case REMAKE -> remakeSql(table, key, columns, keyed);
          case UPDATE -> updateSql(table, key, columns, keyed);
          case INSERT -> insertSql(table, columns, keyed);
        };
    List<Row> became;
    try (PreparedStatement statement = keyed.prepare(connection, sql)) {
      if (batch.kind() == Kind.DELETE) {
        requireAll(table, statement.executeUpdate(), rows);
        became = List.of();
      } else {
        became = WrittenRows.read(statement, returned(batch.kind(), table, columns));
        requireAll(table, became.size(), rows);
      }
    }
    watch.wrote(WrittenRows.of(table, key, rows, became));
  }

  private static void requireAll(MainTable table, int count, List<RowChange> rows)
      throws MovedException {
    if (count != rows.size()) {
      throw new MovedException(
          (rows.size() - count)
              + " rows of "
              + table.shape().qualifiedName()
              + " were written by others");
    }
  }

  /** What a statement tells of the rows that it wrote. */
  private static List<Integer> returned(Kind kind, MainTable table, List<Integer> columns) {
    return kind == Kind.UPDATE
        ? columns
        : table.shape().columns().stream().map(column -> column.number()).toList();
  }

  private static String deleteSql(MainTable table, List<Integer> key, Keyed keyed) {
    return "DELETE FROM ONLY "
        + table.shape().quotedName()
        + " AS r USING "
        + keyed.source()
        + " WHERE "
        + Keyed.rowCondition(table, key)
        + " AND r.xmin = v.x::xid";
  }

  /** The order makes Postgres finish the deletes before it begins with the inserts. */
  private static String remakeSql(
      MainTable table, List<Integer> key, List<Integer> written, Keyed keyed) {
    List<Integer> all = table.shape().columns().stream().map(column -> column.number()).toList();
    List<String> values = new ArrayList<>();
    for (int column : all) {
      int place = written.indexOf(column);
      String old = "r." + Keyed.quoted(table, column);
      values.add(
          place < 0
              ? old + " AS a" + column
              : "CASE WHEN v.s"
                  + place
                  + " = 't' THEN "
                  + Keyed.cast("c" + place, table, column)
                  + " ELSE "
                  + old
                  + " END AS a"
                  + column);
    }
    return "WITH gone AS (DELETE FROM ONLY "
        + table.shape().quotedName()
        + " AS r USING "
        + keyed.source()
        + " WHERE "
        + Keyed.rowCondition(table, key)
        + " AND r.xmin = v.x::xid RETURNING v.n, "
        + String.join(", ", values)
        + ") INSERT INTO "
        + table.shape().quotedName()
        + " ("
        + all.stream().map(column -> Keyed.quoted(table, column)).collect(Collectors.joining(", "))
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + all.stream().map(column -> "gone.a" + column).collect(Collectors.joining(", "))
        + " FROM gone ORDER BY gone.n"
        + returningAll(table);
  }

  private static String updateSql(
      MainTable table, List<Integer> key, List<Integer> columns, Keyed keyed) {
    String assignments =
        IntStream.range(0, columns.size())
            .mapToObj(i ->
                Keyed.quoted(table, columns.get(i))
                    + " = "
                    + Keyed.cast("c" + i, table, columns.get(i)))
            .collect(Collectors.joining(", "));
    return "UPDATE ONLY "
        + table.shape().quotedName()
        + " AS r SET "
        + assignments
        + " FROM "
        + keyed.source()
        + " WHERE "
        + Keyed.rowCondition(table, key)
        + " AND r.xmin = v.x::xid RETURNING v.n, "
        + columns.stream()
            .map(column -> "r." + Keyed.quoted(table, column))
            .collect(Collectors.joining(", "));
  }

  private static String insertSql(MainTable table, List<Integer> columns, Keyed keyed) {
    String names =
        columns.stream()
            .map(column -> Keyed.quoted(table, column))
            .collect(Collectors.joining(", "));
    String values =
        IntStream.range(0, columns.size())
            .mapToObj(i -> Keyed.cast("c" + i, table, columns.get(i)))
            .collect(Collectors.joining(", "));
    return "INSERT INTO "
        + table.shape().quotedName()
        + " ("
        + names
        + ") OVERRIDING SYSTEM VALUE SELECT "
        + values
        + " FROM "
        + keyed.source()
        + " ORDER BY v.n"
        + returningAll(table);
  }

  /** Rows are put in, and told, one after the other in the order asked for. */
  private static String returningAll(MainTable table) {
    return table.shape().columns().stream()
        .map(column -> Keyed.quoted(table, column.number()))
        .collect(Collectors.joining(", ", " RETURNING 0, ", ""));
  }

  private static String version(RowChange change) {
    return switch (change) {
      case RowChange.Insert insert ->
          throw new IllegalArgumentException("a new row has no version");
      case RowChange.Update update -> update.before().version();
      case RowChange.Delete delete -> delete.before().version();
    };
  }

  private static List<@Nullable String> cells(List<RowChange> rows, int column) {
    List<@Nullable String> values = new ArrayList<>(rows.size());
    for (RowChange change : rows) {
      values.add(cellsOf(change).getOrDefault(column, CellValue.none()).cell().text());
    }
    return values;
  }

  private static List<@Nullable String> isWritten(List<RowChange> rows, int column) {
    List<@Nullable String> written = new ArrayList<>(rows.size());
    rows.forEach(row -> written.add(cellsOf(row).containsKey(column) ? "t" : "f"));
    return written;
  }

  /** What a change sets. */
  static Cells cellsOf(RowChange change) {
    return switch (change) {
      case RowChange.Insert insert -> insert.cells();
      case RowChange.Update update -> update.cells();
      case RowChange.Delete delete -> Cells.none();
    };
  }

  MainTable table(TableId id) {
    MainTable table = tables.get(id);
    if (table == null) {
      throw new IllegalStateException("table " + id + " was not planned for");
    }
    return table;
  }
}
