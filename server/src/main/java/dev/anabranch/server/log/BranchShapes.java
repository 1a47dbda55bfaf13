package dev.anabranch.server.log;

import dev.anabranch.base.Column;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.decode.Change;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives decoded layouts their column numbers, which decoding does not send, from the branch's
 * catalogs as they are now.
 *
 * <p>A column that the branch has renamed or dropped since has no number any more; it gets a negative
 * one, which no column of main has. Such a table differs from main's in its schema, and its writes are
 * judged by that.
 */
final class BranchShapes {

  private final Connection connection;

  BranchShapes(Connection connection) {
    this.connection = connection;
  }

  TableShape of(Change.Relation relation) throws SQLException {
    Map<String, Column> now = columns(relation);
    List<Column> columns = new ArrayList<>();
    for (Change.RelationColumn sent : relation.columns()) {
      Column known = now.get(sent.name());
      int number = known != null && known.typeOid() == sent.typeOid() ? known.number() : -1 - columns.size();
      boolean inKey = known != null && known.inKey();
      columns.add(new Column(number, sent.name(), sent.typeOid(), sent.typeModifier(), inKey));
    }
    return new TableShape(relation.table(), relation.schema(), relation.name(), columns);
  }

  private Map<String, Column> columns(Change.Relation relation) throws SQLException {
    Map<String, Column> columns = new HashMap<>();
    String query =
        """
        WITH keys AS (%s)
        SELECT a.attnum, a.attname, a.atttypid, a.atttypmod, coalesce(a.attnum = ANY (k.columns), false)
        FROM pg_catalog.pg_attribute a LEFT JOIN keys k ON k.relation = a.attrelid
        WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
        """
            .formatted(SchemaQueries.KEY_COLUMNS);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, relation.table().oid());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Column column =
              new Column(row.getInt(1), row.getString(2), row.getLong(3), row.getInt(4), row.getBoolean(5));
          columns.put(column.name(), column);
        }
      }
    }
    return columns;
  }
}
