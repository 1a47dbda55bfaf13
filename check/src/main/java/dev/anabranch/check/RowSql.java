package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Statements that write rows of one table as they are given, many at a time. */
record RowSql(Connection connection, TableShape shape) {

  private static final int ROWS_PER_BATCH = 1_000;

  /** Whether two images of a row say the same, as far as both say something. */
  static boolean agree(Image one, Image other) {
    return IntStream.range(0, one.cells().size())
        .allMatch(i -> agree(one.cells().get(i), other.cells().get(i)));
  }

  /**
   * Whether main's cell is as it was before a write, or as the write left it.
   *
   * @param added the write added to it: main, which has come to the same, added as much of its own
   */
  static boolean agree(int place, Image mains, Image before, Image after, boolean added) {
    Cell now = mains.cells().get(place);
    return now.equals(before.cells().get(place))
        || (!added && now.equals(after.cells().get(place)));
  }

  private static boolean agree(Cell one, Cell other) {
    return one == Cell.Absent.UNCHANGED || other == Cell.Absent.UNCHANGED || one.equals(other);
  }

  /** Places of the cells that are there; a new row gets its default for the others. */
  static List<Integer> sent(Image image) {
    return IntStream.range(0, image.cells().size())
        .filter(i -> image.cells().get(i) != Cell.Absent.UNCHANGED)
        .boxed()
        .toList();
  }

  /** All one row each? */
  boolean insert(List<Integer> places, List<Image> images) throws SQLException {
    String columns = places.stream().map(this::name).collect(Collectors.joining(", "));
    String values = places.stream().map(ignored -> "?").collect(Collectors.joining(", "));
    String sql =
        "INSERT INTO "
            + shape.quotedName()
            + " ("
            + columns
            + ") OVERRIDING SYSTEM VALUE VALUES ("
            + values
            + ")";
    return run(sql, images.stream().map(image -> texts(image, places)).toList());
  }

  /** All one row each? */
  boolean update(List<Integer> places, Map<Key, Image> rows) throws SQLException {
    String sets = places.stream().map(i -> name(i) + " = ?").collect(Collectors.joining(", "));
    String sql = "UPDATE ONLY " + shape.quotedName() + " SET " + sets + whereKey();
    List<List<@Nullable String>> values = new ArrayList<>();
    rows.forEach((key, image) -> {
      List<@Nullable String> row = new ArrayList<>(texts(image, places));
      row.addAll(key.values());
      values.add(row);
    });
    return run(sql, values);
  }

  /** All one row each? */
  boolean delete(Collection<Key> keys) throws SQLException {
    List<List<@Nullable String>> values = new ArrayList<>();
    keys.forEach(key -> values.add(List.copyOf(key.values())));
    return run("DELETE FROM ONLY " + shape.quotedName() + whereKey(), values);
  }

  private String name(int place) {
    return Identifiers.quote(shape.columns().get(place).name());
  }

  private String whereKey() {
    return shape.keyColumns().stream()
        .map(Column::name)
        .map(name -> Identifiers.quote(name) + " = ?")
        .collect(Collectors.joining(" AND ", " WHERE ", ""));
  }

  private static List<@Nullable String> texts(Image image, List<Integer> places) {
    List<@Nullable String> texts = new ArrayList<>();
    places.forEach(place -> texts.add(image.cells().get(place).text()));
    return texts;
  }

  boolean run(String sql, List<List<@Nullable String>> rows) throws SQLException {
    if (rows.isEmpty()) {
      return true;
    }
    boolean all = true;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int start = 0; start < rows.size(); start += ROWS_PER_BATCH) {
        for (var row : rows.subList(start, Math.min(start + ROWS_PER_BATCH, rows.size()))) {
          bind(statement, row);
          statement.addBatch();
        }
        for (int count : statement.executeBatch()) {
          all &= count == 1;
        }
      }
    }
    return all;
  }

  private static void bind(PreparedStatement statement, List<@Nullable String> values)
      throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      // Untyped, so that Postgres reads the text as the column's own type.
      statement.setObject(i + 1, values.get(i), Types.OTHER);
    }
  }
}
