package dev.anabranch.check;

import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.overlay.Numbering;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets a transaction draw the numbers that it drew on the branch, for its later statements name
 * them: an order's lines say which order they are of.
 *
 * <p>Rows that main has given the same numbers meanwhile get others, and so do the rows that refer
 * to them. Nobody's question is about which of two rows that were made apart has which number. A
 * number that somebody chose is another matter: there main's row stands in the way.
 */
final class Numbers {

  private record Drawn(String sequence, List<String> values) {}

  private record KeyOf(TableShape shape, Column key, Drawn drawn) {}

  private final Connection connection;
  private final Numbering numbering;
  private final Map<TableId, List<Drawn>> drawn = new LinkedHashMap<>();
  private final List<KeyOf> keys = new ArrayList<>();

  /**
   * @param unit what the transaction wrote on the branch
   * @param schema of the copy
   * @param numbering tells which numbers were drawn
   */
  Numbers(Connection connection, Optional<Unit> unit, SchemaSnapshot schema, Numbering numbering) {
    this.connection = connection;
    this.numbering = numbering;
    unit.ifPresent(known -> gather(known, schema));
  }

  private void gather(Unit unit, SchemaSnapshot schema) {
    Map<TableId, TableShape> shapes = new LinkedHashMap<>();
    unit.shapes().forEach(shape -> shapes.put(shape.id(), shape));
    shapes.forEach((table, shape) -> {
      SchemaSnapshot.Relation relation = schema.relations().get(table);
      if (relation == null) {
        return;
      }
      List<Drawn> all = new ArrayList<>();
      for (int i = 0; i < shape.columns().size(); i++) {
        SchemaSnapshot.ColumnFacts facts =
            relation.columnFacts().get(shape.columns().get(i).number());
        if (facts != null && !facts.ownedSequence().isEmpty()) {
          Drawn column = new Drawn(facts.ownedSequence(), values(unit, table, i));
          all.add(column);
          if (relation.shape().keyColumns().equals(List.of(shape.columns().get(i)))
              && !column.values().isEmpty()) {
            keys.add(new KeyOf(relation.shape(), shape.columns().get(i), column));
          }
        }
      }
      drawn.put(table, List.copyOf(all));
    });
  }

  private static List<String> values(Unit unit, TableId table, int place) {
    List<String> values = new ArrayList<>();
    for (Write write : unit.writes()) {
      if (write instanceof Write.Insert insert && write.table().equals(table)) {
        @Nullable String text = insert.after().cells().get(place).text();
        values.add(text == null ? "" : text);
      }
    }
    return values;
  }

  /** For whoever draws next, when the transaction is undone: a sequence keeps where it was set. */
  void putBack() throws SQLException {
    for (KeyOf key : keys) {
      goBeyond(key.shape(), key.key(), key.drawn());
    }
  }

  /** Gives main's rows that have numbers of the transaction others. */
  void makeRoom() throws SQLException {
    putBack();
    for (KeyOf key : keys) {
      for (String value : key.drawn().values()) {
        if (numbering.isDrawn(key.shape().id(), key.key().number(), value)) {
          move(key.shape(), key.key(), value);
        }
      }
    }
  }

  /** Beyond all that the table has, and all that the transaction needs. */
  private void goBeyond(TableShape shape, Column key, Drawn column) throws SQLException {
    String own =
        column.values().stream().filter(value -> !value.isEmpty()).collect(Collectors.joining(","));
    one(
        "SELECT pg_catalog.setval("
            + Identifiers.literal(column.sequence())
            + "::regclass, greatest((SELECT max("
            + Identifiers.quote(key.name())
            + ") FROM ONLY "
            + shape.quotedName()
            + "), (SELECT max(n) FROM unnest('{"
            + own
            + "}'::bigint[]) AS n), 1), true)::text");
  }

  private void move(TableShape shape, Column key, String value) throws SQLException {
    String name = Identifiers.quote(key.name());
    Optional<String> moved =
        one(
            "UPDATE ONLY "
                + shape.quotedName()
                + " SET "
                + name
                + " = DEFAULT WHERE "
                + name
                + " = "
                + Identifiers.literal(value)
                + " RETURNING "
                + name
                + "::text");
    if (moved.isEmpty()) {
      return;
    }
    List<String> references = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT c.conrelid::regclass::text, quote_ident(a.attname)
            FROM pg_catalog.pg_constraint c
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid = ?::oid AND c.confkey = ARRAY[?::int2]
            """)) {
      query.setLong(1, shape.id().oid());
      query.setInt(2, key.number());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          references.add(
              "UPDATE "
                  + row.getString(1)
                  + " SET "
                  + row.getString(2)
                  + " = "
                  + Identifiers.literal(moved.get())
                  + " WHERE "
                  + row.getString(2)
                  + " = "
                  + Identifiers.literal(value));
        }
      }
    }
    try (Statement statement = connection.createStatement()) {
      for (String update : references) {
        statement.execute(update);
      }
    }
  }

  private Optional<String> one(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
    }
  }

  /**
   * Lets sequences go on with the numbers of the rows that come next.
   *
   * @param inserted how many rows each table has got so far
   */
  void turn(Map<TableId, Integer> inserted) throws SQLException {
    for (Map.Entry<TableId, List<Drawn>> entry : drawn.entrySet()) {
      int next = inserted.getOrDefault(entry.getKey(), 0);
      for (Drawn column : entry.getValue()) {
        if (next < column.values().size() && !column.values().get(next).isEmpty()) {
          one(
              "SELECT pg_catalog.setval("
                  + Identifiers.literal(column.sequence())
                  + "::regclass, "
                  + Identifiers.literal(column.values().get(next))
                  + "::bigint, false)::text");
        }
      }
    }
  }
}
