package dev.anabranch.check;

import dev.anabranch.base.TableId;
import dev.anabranch.predicate.rule.DdlEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a branch has written down of its own definitions. */
final class BranchDdl {

  private static final String IS_KEPT =
      "SELECT pg_catalog.to_regclass('pg_catalog.anabranch_definitions') IS NOT NULL";

  private static final String ALL =
      """
      SELECT d.at, CASE WHEN current_setting('track_commit_timestamp') = 'on'
          THEN pg_catalog.pg_xact_commit_timestamp(d.transaction_id::xid) END,
        d.transaction_id::text::int8, c.relname, d.object::int8, d.part,
        d.object > 'pg_catalog.anabranch_definitions'::regclass::oid,
        array_to_string(d.relations, ','), d.name, d.dropped, d.state
      FROM pg_catalog.anabranch_definitions d JOIN pg_catalog.pg_class c ON c.oid = d.class
      ORDER BY d.at, d.ctid
      """;

  private BranchDdl() {}

  /**
   * @param branch its owner's; a branch from before there was such a log has none
   */
  static List<DdlEntry> read(Connection branch) throws SQLException {
    List<DdlEntry> all = new ArrayList<>();
    try (Statement statement = branch.createStatement()) {
      if (!isKept(statement)) {
        return all;
      }
      try (ResultSet row = statement.executeQuery(ALL)) {
        while (row.next()) {
          all.add(
              new DdlEntry(
                  row.getObject(1, OffsetDateTime.class).toInstant(),
                  moment(row, 2),
                  row.getLong(3),
                  row.getString(4),
                  row.getLong(5),
                  row.getInt(6),
                  row.getBoolean(7),
                  tables(row.getString(8)),
                  row.getString(9),
                  row.getBoolean(10),
                  row.getString(11)));
        }
      }
    }
    return all;
  }

  private static boolean isKept(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(IS_KEPT)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  private static Set<TableId> tables(String oids) {
    return Arrays.stream(oids.split(","))
        .filter(oid -> !oid.isEmpty())
        .map(oid -> new TableId(Long.parseLong(oid)))
        .collect(Collectors.toSet());
  }
}
