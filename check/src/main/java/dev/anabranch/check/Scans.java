package dev.anabranch.check;

import dev.anabranch.base.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tables a transaction scans, and to which it adds rows, by Postgres's own counters. Unlike
 * locks they stay when a part of the transaction is rolled back, and they tell reading a table from
 * adding rows to it.
 */
final class Scans {

  private final Connection connection;

  /** Tables by their own OID and by those of their indexes. */
  private final Map<Long, TableId> tables = new HashMap<>();

  Scans(Connection connection) {
    this.connection = connection;
  }

  /** Learns which tables and indexes there are; the caller commits, for this takes locks. */
  void prepare() throws SQLException {
    tables.clear();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                WITH t AS (
                  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  WHERE c.relkind IN ('r', 'm') AND c.oid >= 16384
                    AND n.nspname NOT IN ('pg_toast', 'anabranch', 'anabranch_rehearsal'))
                SELECT t.oid, t.oid FROM t
                UNION ALL
                SELECT i.indexrelid, i.indrelid FROM pg_catalog.pg_index i JOIN t ON t.oid = i.indrelid
                """)) {
      while (row.next()) {
        tables.put(row.getLong(1), new TableId(row.getLong(2)));
      }
    }
  }

  /** How often each table was scanned in this transaction so far. Takes no locks. */
  Map<TableId, Long> counts() throws SQLException {
    return counts("pg_stat_get_xact_numscans");
  }

  /** How many rows were added to each, also those that were refused or taken back. */
  Map<TableId, Long> added() throws SQLException {
    return counts("pg_stat_get_xact_tuples_inserted");
  }

  private Map<TableId, Long> counts(String counter) throws SQLException {
    List<Long> oids = new ArrayList<>(tables.keySet());
    Map<TableId, Long> counts = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT o, n FROM unnest(?) AS o, LATERAL (SELECT pg_catalog."
                + counter
                + "(o::oid)) AS counted (n) WHERE n > 0")) {
      Array all = connection.createArrayOf("int8", oids.toArray());
      query.setArray(1, all);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          TableId table = tables.get(row.getLong(1));
          if (table != null) {
            counts.merge(table, row.getLong(2), Long::sum);
          }
        }
      }
    }
    return counts;
  }

  /** The tables that were scanned since. */
  Set<TableId> since(Map<TableId, Long> before) throws SQLException {
    Set<TableId> scanned = new HashSet<>();
    counts()
        .forEach((table, count) -> {
          if (count > before.getOrDefault(table, 0L)) {
            scanned.add(table);
          }
        });
    return scanned;
  }
}
