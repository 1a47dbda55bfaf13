package dev.anabranch.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Tells whether the rows of a table have been stored elsewhere since a snapshot was taken, by
 * {@code TRUNCATE} or by rewriting. A snapshot from before does not see what was there: to it the
 * table is empty.
 */
final class StoredAnew {

  private static final String ANY =
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm')"
          + " AND relpersistence = 'p' AND relfilenode IS DISTINCT FROM"
          + " pg_catalog.pg_relation_filenode(oid))";

  private StoredAnew() {}

  /** Of any table. What was asked before this, in the same snapshot, saw all rows if none was. */
  static boolean sinceSnapshotOf(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ANY)) {
      row.next();
      return row.getBoolean(1);
    }
  }
}
