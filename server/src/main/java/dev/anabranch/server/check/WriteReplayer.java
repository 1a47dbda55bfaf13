package dev.anabranch.server.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lays a branch's writes over main's rows, cell by cell: an update sets only the columns that it
 * changed. Where main and the branch contradict each other the table is marked, and the caller must
 * not believe what is read from it.
 */
final class WriteReplayer {

  private final Connection connection;
  private final SchemaSnapshot schema;
  private final RowReader rows;
  private final Set<TableId> contradicted = new HashSet<>();

  WriteReplayer(Connection connection, SchemaSnapshot schema) throws SQLException {
    this.connection = connection;
    this.schema = schema;
    ScratchReplay.prepare(connection);
    this.rows = new RowReader(connection);
  }

  Set<TableId> contradicted() {
    return contradicted;
  }

  /** After a rollback. */
  void forgetSince(Set<TableId> before) {
    contradicted.retainAll(before);
  }

  void apply(List<Write> writes) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION");
      ScratchReplay.prepare(connection);
    }
    for (Write write : writes) {
      Savepoint savepoint = connection.setSavepoint();
      try {
        if (!apply(write)) {
          contradicted.add(write.table());
        }
        connection.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        // A constraint that only main's and the branch's rows together break, or a column that is
        // gone.
        connection.rollback(savepoint);
        contradicted.add(write.table());
      }
    }
  }

  /** Returns false when main's row is not as the branch's write found it. */
  private boolean apply(Write write) throws SQLException {
    SchemaSnapshot.Relation relation = schema.relations().get(write.table());
    if (relation == null || !write.isWhole()) {
      return false;
    }
    TableShape shape = relation.shape();
    return switch (write) {
      case Write.Insert insert -> insert(shape, insert.after());
      case Write.Update update -> update(shape, update.before(), update.after());
      case Write.Delete delete -> delete(shape, delete.before());
      case Write.Truncate ignored -> false;
    };
  }

  private boolean insert(TableShape shape, Image after) throws SQLException {
    if (after.cells().size() != shape.columns().size()) {
      return false;
    }
    if (shape.hasKey()) {
      Optional<Image> current = current(shape, after);
      if (current.isPresent()) {
        return current.get().equals(after);
      }
    }
    String columns =
        shape.columns().stream()
            .map(column -> Identifiers.quote(column.name()))
            .collect(Collectors.joining(", "));
    String values = shape.columns().stream().map(ignored -> "?").collect(Collectors.joining(", "));
    String sql =
        "INSERT INTO "
            + shape.quotedName()
            + " ("
            + columns
            + ") OVERRIDING SYSTEM VALUE VALUES ("
            + values
            + ")";
    return run(sql, texts(after)) == 1;
  }

  private boolean update(TableShape shape, Image before, Image after) throws SQLException {
    if (!shape.hasKey() || before.cells().size() != shape.columns().size()) {
      return false;
    }
    Optional<Image> current = current(shape, before);
    if (current.isEmpty()) {
      return false;
    }
    boolean moved = !shape.keyOf(before).equals(shape.keyOf(after));
    if (moved && (!current.get().equals(before) || current(shape, after).isPresent())) {
      return false;
    }
    boolean agrees = true;
    List<String> sets = new ArrayList<>();
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      Cell was = before.cells().get(i);
      Cell is = after.cells().get(i);
      Cell mains = current.get().cells().get(i);
      if (!was.equals(is)) {
        agrees &= mains.equals(was) || mains.equals(is);
        sets.add(Identifiers.quote(shape.columns().get(i).name()) + " = ?");
        values.add(is.text());
      }
    }
    if (sets.isEmpty()) {
      return true;
    }
    String sql =
        "UPDATE ONLY " + shape.quotedName() + " SET " + String.join(", ", sets) + where(shape);
    values.addAll(shape.keyOf(before).values());
    return run(sql, values) == 1 && agrees;
  }

  private boolean delete(TableShape shape, Image before) throws SQLException {
    if (!shape.hasKey() || before.cells().size() != shape.columns().size()) {
      return false;
    }
    Optional<Image> current = current(shape, before);
    if (current.isEmpty()) {
      return true;
    }
    run(
        "DELETE FROM ONLY " + shape.quotedName() + where(shape),
        List.copyOf(shape.keyOf(before).values()));
    return current.get().equals(before);
  }

  private Optional<Image> current(TableShape shape, Image image) throws SQLException {
    Key key = shape.keyOf(image);
    Map<Key, Image> found = rows.read(shape, List.of(key));
    return found.values().stream().findFirst();
  }

  private static String where(TableShape shape) {
    return shape.keyColumns().stream()
        .map(Column::name)
        .map(name -> Identifiers.quote(name) + " = ?")
        .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  private static List<@Nullable String> texts(Image image) {
    List<@Nullable String> texts = new ArrayList<>();
    image.cells().forEach(cell -> texts.add(cell.text()));
    return texts;
  }

  private int run(String sql, List<@Nullable String> values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        // Untyped, so that Postgres reads the text as the column's own type.
        statement.setObject(i + 1, values.get(i), Types.OTHER);
      }
      return statement.executeUpdate();
    }
  }
}
