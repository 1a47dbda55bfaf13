package dev.anabranch.check;

import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TextForm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads rows by key as images. */
public final class RowReader {

  private static final int BATCH = 5_000;

  private final Connection connection;
  private final Map<Long, String> typeNames = new HashMap<>();

  /** Sets the session to {@link TextForm}; the caller closes the connection. */
  public RowReader(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      for (String set : TextForm.SET_STATEMENTS) {
        statement.execute(set);
      }
    }
  }

  /** Rows by the text of their own key; keys without a row are left out. */
  public Map<Key, Image> read(TableShape shape, Collection<Key> keys) throws SQLException {
    Map<Key, Image> rows = new HashMap<>();
    List<Key> all = List.copyOf(keys);
    for (int start = 0; start < all.size(); start += BATCH) {
      readBatch(shape, all.subList(start, Math.min(start + BATCH, all.size())), rows);
    }
    return rows;
  }

  private void readBatch(TableShape shape, List<Key> keys, Map<Key, Image> rows)
      throws SQLException {
    List<Column> keyColumns = shape.keyColumns();
    try (PreparedStatement query = connection.prepareStatement(query(shape, keyColumns))) {
      // Text only: binary values would be spelt by the driver, not by Postgres.
      query.unwrap(org.postgresql.PGStatement.class).setPrepareThreshold(0);
      for (int i = 0; i < keyColumns.size(); i++) {
        int place = i;
        Object[] values = keys.stream().map(key -> key.values().get(place)).toArray();
        query.setArray(i + 1, connection.createArrayOf("text", values));
      }
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Image image = image(row, shape.columns().size());
          rows.put(shape.keyOf(image), image);
        }
      }
    }
  }

  static Image image(ResultSet row, int columns) throws SQLException {
    List<Cell> cells = new ArrayList<>(columns);
    for (int i = 1; i <= columns; i++) {
      cells.add(Cell.of(row.getString(i)));
    }
    return new Image(cells);
  }

  private String query(TableShape shape, List<Column> keyColumns) throws SQLException {
    String columns =
        shape.columns().stream()
            .map(column -> "t." + Identifiers.quote(column.name()))
            .collect(Collectors.joining(", "));
    List<String> casts = new ArrayList<>();
    for (int i = 0; i < keyColumns.size(); i++) {
      casts.add("u.k" + i + "::" + typeName(keyColumns.get(i).typeOid()) + " AS k" + i);
    }
    String arrays = keyColumns.stream().map(ignored -> "?").collect(Collectors.joining(", "));
    String names =
        IntStream.range(0, keyColumns.size())
            .mapToObj(i -> "k" + i)
            .collect(Collectors.joining(", "));
    String join =
        IntStream.range(0, keyColumns.size())
            .mapToObj(i -> "t." + Identifiers.quote(keyColumns.get(i).name()) + " = w.k" + i)
            .collect(Collectors.joining(" AND "));
    return "SELECT "
        + columns
        + " FROM ONLY "
        + shape.quotedName()
        + " t JOIN (SELECT "
        + String.join(", ", casts)
        + " FROM unnest("
        + arrays
        + ") AS u("
        + names
        + ")) w ON "
        + join;
  }

  /** A type's name without modifiers, so that a cast cuts nothing off. */
  private String typeName(long oid) throws SQLException {
    String known = typeNames.get(oid);
    if (known != null) {
      return known;
    }
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname) FROM pg_catalog.pg_type"
                + " t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = ?")) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        if (row.next()) {
          String name = String.valueOf(row.getString(1));
          typeNames.put(oid, name);
          return name;
        }
        throw new SQLException("no type " + oid);
      }
    }
  }
}
