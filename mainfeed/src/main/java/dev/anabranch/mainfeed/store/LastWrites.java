package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.mainfeed.store.FeedStore.RowName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Looks up when rows were changed last. */
record LastWrites(Handle handle) {

  private static final String QUERY =
      """
      SELECT asked.place, found.lsn::text,
             (SELECT committed_at FROM feed_moment
              WHERE feed_moment.lsn >= found.lsn ORDER BY feed_moment.lsn LIMIT 1)
      FROM unnest(?::bigint[], ?::bytea[]) WITH ORDINALITY AS asked (table_oid, key, place)
      JOIN feed_row found ON found.table_oid = asked.table_oid AND found.key = asked.key
      """;

  Map<RowName, LastWrite> of(Collection<RowName> rows) {
    Map<String, TableId> tables = new HashMap<>();
    new FeedTableStore(handle)
        .all()
        .forEach((id, table) -> tables.put(table.shape().qualifiedName(), id));
    List<RowName> asked =
        rows.stream().distinct().filter(row -> tables.containsKey(row.table())).toList();
    Long[] oids = new Long[asked.size()];
    byte[][] keys = new byte[asked.size()][];
    for (int i = 0; i < asked.size(); i++) {
      oids[i] = Objects.requireNonNull(tables.get(asked.get(i).table())).oid();
      keys[i] = CellCodec.indexed(CellCodec.encode(asked.get(i).key()));
    }
    Map<RowName, LastWrite> found = new HashMap<>();
    try (PreparedStatement statement = handle.getConnection().prepareStatement(QUERY)) {
      statement.setArray(1, handle.getConnection().createArrayOf("bigint", oids));
      statement.setArray(2, handle.getConnection().createArrayOf("bytea", keys));
      try (ResultSet answers = statement.executeQuery()) {
        while (answers.next()) {
          found.put(asked.get(answers.getInt(1) - 1), read(answers));
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("reading when rows of main were changed", e);
    }
  }

  private static LastWrite read(ResultSet row) throws SQLException {
    return new LastWrite(
        Lsn.parse(row.getString(2)),
        Optional.ofNullable(row.getObject(3, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
  }
}
