package dev.anabranch.check.wal;

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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives decoded layouts their column numbers, which decoding does not send, from the branch's
 * catalogs as they are now.
 *
 * <p>A column that the branch has renamed or dropped since has no number any more; it gets a
 * negative one, which no column of main has. Such a table differs from main's in its schema, and
 * its writes are judged by that.
 */
final class BranchShapes {

  private final Connection connection;

  BranchShapes(Connection connection) {
    this.connection = connection;
  }

  /**
   * A decoded layout without its generated columns, which only follow from the others.
   *
   * @param places of its columns in a decoded row
   * @param identity places in a decoded row of the columns by which an old row is named
   */
  record Sent(TableShape shape, List<Integer> places, Set<Integer> identity) {}

  Sent of(Change.Relation relation) throws SQLException {
    Set<String> generated = new HashSet<>();
    Map<String, Column> now = columns(relation, generated);
    List<Column> columns = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Set<Integer> identity = new HashSet<>();
    for (int place = 0; place < relation.columns().size(); place++) {
      Change.RelationColumn sent = relation.columns().get(place);
      if (sent.inReplicaIdentity()) {
        identity.add(place);
      }
      if (generated.contains(sent.name())) {
        continue;
      }
      places.add(place);
      Column known = now.get(sent.name());
      int number =
          known != null && known.typeOid() == sent.typeOid() ? known.number() : -1 - columns.size();
      boolean inKey = known != null && known.inKey();
      columns.add(new Column(number, sent.name(), sent.typeOid(), sent.typeModifier(), inKey));
    }
    return new Sent(
        new TableShape(relation.table(), relation.schema(), relation.name(), columns),
        places,
        identity);
  }

  private Map<String, Column> columns(Change.Relation relation, Set<String> generated)
      throws SQLException {
    Map<String, Column> columns = new HashMap<>();
    String query =
        """
        WITH keys AS (%s)
        SELECT a.attnum, a.attname, a.atttypid, a.atttypmod, coalesce(a.attnum = ANY (k.columns), false),
               a.attgenerated <> ''
        FROM pg_catalog.pg_attribute a LEFT JOIN keys k ON k.relation = a.attrelid
        WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped
        """
            .formatted(SchemaQueries.KEY_COLUMNS);
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, relation.table().oid());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Column column =
              new Column(
                  row.getInt(1),
                  row.getString(2),
                  row.getLong(3),
                  row.getInt(4),
                  row.getBoolean(5));
          columns.put(column.name(), column);
          if (row.getBoolean(6)) {
            generated.add(column.name());
          }
        }
      }
    }
    return columns;
  }
}
