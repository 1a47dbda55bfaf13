package dev.anabranch.promote.apply;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.MainTable;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Writes rows in sets: one statement for each table and set of columns, deletes first, then
 * updates, then inserts.
 *
 * <p>Every update and delete is conditional on the row's version ({@code xmin}) being the one the
 * merge was made with. That is exact for all types, where a comparison of values would need an
 * equality that json, xml or point do not have, and it also notices a change that was changed back.
 * A statement that meets fewer rows than planned means that main moved.
 *
 * <p>When main's constraints refuse a set, it is split in half, in the order of the units, until it
 * is written or single rows are left to blame. So rows that only pass in the branch's own order
 * (two rows that swap a unique value by way of a third) get their chance, and the innocent are not
 * held with the guilty.
 */
final class RowWriter {

  private static final int ROWS_PER_STATEMENT = 5_000;

  private final Connection connection;
  private final Map<TableId, MainTable> tables;
  private final Map<TableId, List<Integer>> keyColumns;
  private final List<Rejection> rejections = new ArrayList<>();

  RowWriter(
      Connection connection,
      Map<TableId, MainTable> tables,
      Map<TableId, List<Integer>> keyColumns) {
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
  private record Batch(Kind kind, TableId table, NavigableSet<Integer> columns) {}

  private enum Kind {
    DELETE,
    UPDATE,
    INSERT
  }

  /** Writes what main accepts and returns what it refuses. */
  List<Rejection> write(List<RowChange> changes) throws SQLException, MovedException {
    if (changes.isEmpty()) {
      return rejections;
    }
    Savepoint savepoint = connection.setSavepoint();
    try {
      writeTogether(changes);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException e) {
      if (!isRefusal(e)) {
        throw e;
      }
      connection.rollback(savepoint);
      blame(changes, e);
    }
    return rejections;
  }

  private void blame(List<RowChange> changes, SQLException refusal)
      throws SQLException, MovedException {
    if (changes.size() == 1) {
      RowChange change = changes.getFirst();
      rejections.add(
          rejection(table(change.table()), keyColumnsOf(change.table()), change, words(refusal)));
      return;
    }
    int middle = changes.size() / 2;
    write(changes.subList(0, middle));
    write(changes.subList(middle, changes.size()));
  }

  private void writeTogether(List<RowChange> changes) throws SQLException, MovedException {
    for (Map.Entry<Batch, List<RowChange>> batch : batches(changes).entrySet()) {
      List<RowChange> rows = batch.getValue();
      for (int from = 0; from < rows.size(); from += ROWS_PER_STATEMENT) {
        writeBatch(
            batch.getKey(), rows.subList(from, Math.min(rows.size(), from + ROWS_PER_STATEMENT)));
      }
    }
  }

  private static SequencedMap<Batch, List<RowChange>> batches(List<RowChange> changes) {
    SequencedMap<Batch, List<RowChange>> batches = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      for (RowChange change : changes) {
        Batch batch =
            switch (change) {
              case RowChange.Delete delete ->
                  new Batch(Kind.DELETE, delete.table(), new TreeSet<>());
              case RowChange.Update update ->
                  new Batch(Kind.UPDATE, update.table(), new TreeSet<>(update.cells().keySet()));
              case RowChange.Insert insert ->
                  new Batch(Kind.INSERT, insert.table(), new TreeSet<>(insert.cells().keySet()));
            };
        if (batch.kind() == kind) {
          batches.computeIfAbsent(batch, _ -> new ArrayList<>()).add(change);
        }
      }
    }
    return batches;
  }

  private void writeBatch(Batch batch, List<RowChange> rows) throws SQLException, MovedException {
    MainTable table = table(batch.table());
    List<Integer> columns = List.copyOf(batch.columns());
    List<Integer> key = keyColumnsOf(batch.table());
    Keyed keyed = new Keyed();
    if (batch.kind() != Kind.INSERT) {
      MainReader.withKeys(keyed, key, rows.size(), row -> rows.get(row).key());
      keyed.column("x", new ArrayList<>(rows.stream().map(RowWriter::version).toList()));
    }
    for (int i = 0; i < columns.size(); i++) {
      keyed.column("c" + i, cells(rows, columns.get(i)));
    }
    String sql =
        switch (batch.kind()) {
          case DELETE -> deleteSql(table, key, keyed);
          case UPDATE -> updateSql(table, key, columns, keyed);
          case INSERT -> insertSql(table, columns, keyed);
        };
    try (PreparedStatement statement = keyed.prepare(connection, sql)) {
      int written = statement.executeUpdate();
      if (written != rows.size()) {
        throw new MovedException(
            (rows.size() - written)
                + " rows of "
                + table.shape().qualifiedName()
                + " were written by others");
      }
    }
  }

  private static String deleteSql(MainTable table, List<Integer> key, Keyed keyed) {
    return "DELETE FROM ONLY "
        + table.shape().quotedName()
        + " AS r USING "
        + keyed.source()
        + " WHERE "
        + Keyed.keyCondition(table, key)
        + " AND r.xmin = v.x::xid";
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
        + Keyed.keyCondition(table, key)
        + " AND r.xmin = v.x::xid";
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
        + " ORDER BY v.n";
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
      values.add(cellsOf(change).getOrDefault(column, Cell.Absent.NULL).text());
    }
    return values;
  }

  private static NavigableMap<Integer, Cell> cellsOf(RowChange change) {
    return switch (change) {
      case RowChange.Insert insert -> insert.cells();
      case RowChange.Update update -> update.cells();
      case RowChange.Delete delete -> new TreeMap<>();
    };
  }

  /** The key that a row has once it is written; of a deleted one, the key it had. */
  static Key keyAfter(RowChange change, List<Integer> keyColumns) {
    List<String> values = new ArrayList<>(change.key().values());
    NavigableMap<Integer, Cell> cells = cellsOf(change);
    for (int i = 0; i < keyColumns.size(); i++) {
      if (cells.get(keyColumns.get(i)) instanceof Cell.Text(String text)) {
        values.set(i, text);
      }
    }
    return new Key(values);
  }

  static Rejection rejection(
      MainTable table, List<Integer> keyColumns, RowChange change, String sentence) {
    Key key = keyAfter(change, keyColumns);
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < keyColumns.size(); i++) {
      named.put(table.columnName(keyColumns.get(i)), key.values().get(i));
    }
    return new Rejection(table.shape().qualifiedName(), named, change.units(), sentence);
  }

  /** Integrity violations and values that do not fit; everything else is no fault of the row. */
  private static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("23") || state.startsWith("22"));
  }

  private static String words(SQLException e) {
    ServerErrorMessage message =
        e instanceof PSQLException refusal ? refusal.getServerErrorMessage() : null;
    if (message == null || message.getMessage() == null) {
      return String.valueOf(e.getMessage());
    }
    return message.getDetail() == null
        ? message.getMessage()
        : message.getMessage() + ", " + message.getDetail();
  }

  private List<Integer> keyColumnsOf(TableId table) {
    return keyColumns.getOrDefault(table, List.of());
  }

  private MainTable table(TableId id) {
    MainTable table = tables.get(id);
    if (table == null) {
      throw new IllegalStateException("table " + id + " was not planned for");
    }
    return table;
  }
}
