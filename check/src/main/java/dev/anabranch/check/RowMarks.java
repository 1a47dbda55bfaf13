package dev.anabranch.check;

import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks of what tables hold, for those whose changes no feed tells: a table that has the same mark
 * at two positions has the same rows at both.
 *
 * <p>A mark counts a table's rows by the transaction that wrote them ({@code xmin}). Once that has
 * committed it writes no more, so its rows can only become fewer: where there are as many, they are
 * the same. A physical copy has the same {@code xmin}s, and neither freezing nor {@code VACUUM
 * FULL} changes them. What columns there are is in the mark, too.
 *
 * <p>What {@code TRUNCATE} and rewriting do is not hidden from a snapshot that was taken before:
 * then there is no mark.
 *
 * <p>It takes one reading of the table, about twice as long as {@code count(*)}.
 */
final class RowMarks {

  private static final Logger LOG = LoggerFactory.getLogger(RowMarks.class);

  private static final String TABLES =
      """
      SELECT c.oid::int8, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relfilenode::int8,
             (SELECT pg_catalog.md5(pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum, a.attisdropped, a.attname,
                       a.atttypid::int8, a.atttypmod, a.attcollation::int8, a.attmissingval), ',' ORDER BY a.attnum))
              FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = ANY (?::int8[]::oid[]) AND c.relkind = 'r' AND c.relpersistence = 'p'
      """;

  private RowMarks() {}

  private record Table(TableId id, String name, long storage, String columns) {}

  /**
   * The marks of these tables, but for those that are none, or whose reading takes longer.
   *
   * @param connection a superuser's, in a transaction
   * @param patience for each table
   */
  static Map<TableId, String> read(Connection connection, Set<TableId> tables, Duration patience)
      throws SQLException {
    Map<TableId, String> marks = new HashMap<>();
    if (tables.isEmpty()) {
      return marks;
    }
    Map<TableId, Table> named = named(connection, tables);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL statement_timeout = " + Math.max(1, patience.toMillis()));
    }
    for (Table table : named.values()) {
      Savepoint before = connection.setSavepoint();
      try {
        rows(connection, table)
            .ifPresent(rows -> marks.put(table.id(), table.columns() + ' ' + rows));
      } catch (SQLException e) {
        LOG.debug("{} can't be marked: {}", table.name(), Analyst.firstLine(e));
        connection.rollback(before);
      }
    }
    return marks;
  }

  private static Map<TableId, Table> named(Connection connection, Set<TableId> tables)
      throws SQLException {
    Map<TableId, Table> named = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(TABLES)) {
      query.setArray(
          1, connection.createArrayOf("int8", tables.stream().map(TableId::oid).toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          TableId id = new TableId(row.getLong(1));
          named.put(
              id,
              new Table(id, row.getString(2), row.getLong(3), String.valueOf(row.getString(4))));
        }
      }
    }
    return named;
  }

  /**
   * Empty where another table has got the name since the snapshot, or the rows are stored anew: a
   * snapshot from before does not see them where they were.
   */
  private static Optional<String> rows(Connection connection, Table table) throws SQLException {
    String sql =
        """
        SELECT '%1$s'::pg_catalog.regclass::pg_catalog.oid::int8, pg_catalog.pg_relation_filenode('%1$s')::int8,
               pg_catalog.md5(pg_catalog.string_agg(writer || ':' || written, ',' ORDER BY writer))
        FROM (SELECT xmin::text::int8 AS writer, count(*) AS written FROM ONLY %2$s GROUP BY xmin) AS counted
        """
            .formatted(table.name().replace("'", "''"), table.name());
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1) == table.id().oid() && row.getLong(2) == table.storage()
          ? Optional.of(String.valueOf(row.getString(3)))
          : Optional.empty();
    }
  }
}
