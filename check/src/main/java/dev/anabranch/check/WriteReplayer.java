package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.World.Contradiction;
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
 * changed. Where main and the branch contradict each other, and where a write can't be laid over at
 * all, that is noted, and what is read from there may not be believed.
 */
final class WriteReplayer {

  private final Connection connection;
  private final SchemaSnapshot schema;
  private final RowReader rows;
  private final Set<Contradiction> contradicted = new HashSet<>();

  WriteReplayer(Connection connection, SchemaSnapshot schema) throws SQLException {
    this.connection = connection;
    this.schema = schema;
    ScratchReplay.prepare(connection);
    this.rows = new RowReader(connection);
  }

  Set<Contradiction> contradicted() {
    return contradicted;
  }

  /** After a rollback. */
  void forgetSince(Set<Contradiction> before) {
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
        apply(write).ifPresent(contradicted::add);
        connection.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        // A constraint that only main's and the branch's rows together break, or a column that is
        // gone.
        connection.rollback(savepoint);
        contradicted.add(notApplied(write.table()));
      }
    }
  }

  private static Contradiction notApplied(TableId table) {
    return new Contradiction(table, Optional.empty());
  }

  private static Contradiction at(TableShape shape, Image row) {
    return new Contradiction(shape.id(), Optional.of(shape.keyOf(row)));
  }

  private Optional<Contradiction> apply(Write write) throws SQLException {
    SchemaSnapshot.Relation relation = schema.relations().get(write.table());
    if (relation == null || !write.isWhole() || !fits(write, relation.shape())) {
      return Optional.of(notApplied(write.table()));
    }
    TableShape shape = relation.shape();
    return switch (write) {
      case Write.Insert insert -> insert(shape, insert.after());
      case Write.Update update -> update(shape, update.before(), update.after());
      case Write.Delete delete -> delete(shape, delete.before());
      case Write.Truncate ignored -> Optional.of(notApplied(write.table()));
    };
  }

  private static boolean fits(Write write, TableShape shape) {
    int columns = shape.columns().size();
    return switch (write) {
      case Write.Insert insert -> insert.after().cells().size() == columns;
      case Write.Update update ->
          update.before().cells().size() == columns && update.after().cells().size() == columns;
      case Write.Delete delete -> delete.before().cells().size() == columns;
      case Write.Truncate ignored -> true;
    };
  }

  private Optional<Contradiction> insert(TableShape shape, Image after) throws SQLException {
    if (shape.hasKey()) {
      Optional<Image> current = current(shape, after);
      if (current.isPresent()) {
        return unless(current.get().equals(after), at(shape, after));
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
    return unless(run(sql, texts(after)) == 1, notApplied(shape.id()));
  }

  private static Optional<Contradiction> unless(boolean fine, Contradiction contradiction) {
    return fine ? Optional.empty() : Optional.of(contradiction);
  }

  private Optional<Contradiction> update(TableShape shape, Image before, Image after)
      throws SQLException {
    if (!shape.hasKey()) {
      return updateOneLike(shape, before, after);
    }
    Optional<Image> current = current(shape, before);
    boolean moved = !shape.keyOf(before).equals(shape.keyOf(after));
    if (moved
        && (current.isEmpty()
            || !current.get().equals(before)
            || current(shape, after).isPresent())) {
      return Optional.of(notApplied(shape.id()));
    }
    if (current.isEmpty()) {
      return Optional.of(at(shape, before));
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
      return Optional.empty();
    }
    String sql =
        "UPDATE ONLY " + shape.quotedName() + " SET " + String.join(", ", sets) + where(shape);
    values.addAll(shape.keyOf(before).values());
    return run(sql, values) == 1
        ? unless(agrees, at(shape, before))
        : Optional.of(notApplied(shape.id()));
  }

  private Optional<Contradiction> delete(TableShape shape, Image before) throws SQLException {
    if (!shape.hasKey()) {
      String sql = "DELETE FROM ONLY " + shape.quotedName() + whereOneLike(shape);
      return unless(run(sql, List.of(literal(before))) == 1, notApplied(shape.id()));
    }
    Optional<Image> current = current(shape, before);
    if (current.isEmpty()) {
      return Optional.empty();
    }
    run(
        "DELETE FROM ONLY " + shape.quotedName() + where(shape),
        List.copyOf(shape.keyOf(before).values()));
    return unless(current.get().equals(before), at(shape, before));
  }

  /** Without a key, rows that are the same to the byte are as good as each other. */
  private Optional<Contradiction> updateOneLike(TableShape shape, Image before, Image after)
      throws SQLException {
    List<String> sets = new ArrayList<>();
    List<@Nullable String> values = new ArrayList<>();
    for (int i = 0; i < shape.columns().size(); i++) {
      if (!before.cells().get(i).equals(after.cells().get(i))) {
        sets.add(Identifiers.quote(shape.columns().get(i).name()) + " = ?");
        values.add(after.cells().get(i).text());
      }
    }
    if (sets.isEmpty()) {
      return Optional.empty();
    }
    values.add(literal(before));
    String sql =
        "UPDATE ONLY "
            + shape.quotedName()
            + " SET "
            + String.join(", ", sets)
            + whereOneLike(shape);
    return unless(run(sql, values) == 1, notApplied(shape.id()));
  }

  /** {@code *=} compares what is stored: equal numbers of other scale are other rows. */
  private static String whereOneLike(TableShape shape) {
    String table = shape.quotedName();
    return " WHERE ctid = (SELECT r.ctid FROM ONLY "
        + table
        + " r WHERE r *= CAST(? AS "
        + table
        + ") LIMIT 1)";
  }

  /** A row as Postgres reads one: {@code (a,"b, c",)}. */
  private static String literal(Image row) {
    return row.cells().stream()
        .map(Cell::text)
        .map(text ->
            text == null ? "" : '"' + text.replace("\\", "\\\\").replace("\"", "\"\"") + '"')
        .collect(Collectors.joining(",", "(", ")"));
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
