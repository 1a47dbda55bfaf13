package dev.anabranch.mainfeed.store;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Writes folded changes into the control database over one connection of its own. Rows go by COPY
 * into a temporary table and from there, in one statement, over what is stored; the position that
 * they bring the feed to is written in the same transaction.
 *
 * <p>A transaction of main that is too big for memory is put aside in the same temporary table
 * piece by piece, and merged when its commit has come.
 */
final class FeedWriter implements AutoCloseable {

  private static final int COPY_PIECE_BYTES = 8 << 20;

  private static final String MERGE =
      """
      INSERT INTO feed_row AS stored (table_oid, key, long_key, image, lsn)
      SELECT %s table_oid, key, long_key, image, lsn FROM feed_staging %s
      ON CONFLICT (table_oid, key) DO UPDATE
      SET long_key = excluded.long_key, image = excluded.image, lsn = excluded.lsn
      """;

  private final Connection connection;
  private int pieces;

  FeedWriter(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(true);
    execute(
        "CREATE TEMP TABLE IF NOT EXISTS feed_staging"
            + " (piece int, table_oid bigint, key bytea, long_key bytea, image bytea, lsn pg_lsn)");
    execute("TRUNCATE feed_staging");
  }

  /** Stores what is pending and the position it leads to, all or nothing. */
  void store(Pending pending, Lsn applied) throws SQLException {
    inTransaction(() -> {
      touch(pending);
      if (pending.rowCount() > 0) {
        stage(pending);
        execute(MERGE.formatted("", ""));
        execute("TRUNCATE feed_staging");
      }
      markers(pending.markers());
      moments(pending.moments());
      progress(applied);
    });
  }

  /** Puts the rows of an unfinished transaction aside, and lets go of them in memory. */
  void putAside(OpenTransaction transaction) throws SQLException {
    pieces++;
    inTransaction(() -> {
      for (Map.Entry<TableId, OpenTransaction.TableChanges> table :
          transaction.tables().entrySet()) {
        Pending.Table rows = new Pending.Table();
        table
            .getValue()
            .rows()
            .forEach((key, image) -> rows.rows.put(key, new Pending.Row(image, Lsn.ZERO)));
        stage(table.getKey(), rows);
      }
    });
    transaction.dropRows();
  }

  /**
   * Stores a transaction whose rows were put aside; {@code pending} has what was left in memory.
   */
  void storePutAside(Pending pending, Lsn endLsn) throws SQLException {
    pieces++;
    inTransaction(() -> {
      touch(pending);
      stage(pending);
      try (PreparedStatement statement =
          connection.prepareStatement("DELETE FROM feed_staging WHERE table_oid = ANY (?)")) {
        statement.setArray(1, connection.createArrayOf("bigint", touched(pending)));
        statement.executeUpdate();
      }
      try (PreparedStatement statement =
          connection.prepareStatement("UPDATE feed_staging SET lsn = ?::pg_lsn")) {
        statement.setString(1, endLsn.toString());
        statement.executeUpdate();
      }
      execute(
          MERGE.formatted("DISTINCT ON (table_oid, key)", "ORDER BY table_oid, key, piece DESC"));
      execute("TRUNCATE feed_staging");
      markers(pending.markers());
      moments(pending.moments());
      progress(endLsn);
    });
    pieces = 0;
  }

  boolean hasPutAside() {
    return pieces > 0;
  }

  /** Forgets what was put aside. */
  void discardPutAside() throws SQLException {
    if (pieces > 0) {
      execute("TRUNCATE feed_staging");
      pieces = 0;
    }
  }

  void storeProgress(Lsn applied) throws SQLException {
    inTransaction(() -> progress(applied));
  }

  /** The newest image of a row by what was put aside or stored. */
  Optional<Image> newest(TableId table, Key key) throws SQLException {
    return newest(table, List.of(key)).getFirst();
  }

  private void stage(Pending pending) throws SQLException {
    for (Map.Entry<TableId, Pending.Table> table : pending.tables().entrySet()) {
      stage(table.getKey(), table.getValue());
    }
  }

  private void stage(TableId table, Pending.Table changes) throws SQLException {
    fillFromStore(table, changes);
    CopyBuffer buffer = new CopyBuffer();
    for (Map.Entry<Key, Pending.Row> row : changes.rows.entrySet()) {
      byte[] key = CellCodec.encode(row.getKey());
      byte[] indexed = CellCodec.indexed(key);
      buffer.row(6);
      buffer.number(pieces);
      buffer.number(table.oid());
      buffer.bytes(indexed);
      buffer.bytes(indexed.length == key.length ? null : key);
      buffer.bytes(row.getValue().image().map(CellCodec::encode).orElse(null));
      buffer.number(row.getValue().lsn().value());
      if (buffer.size() > COPY_PIECE_BYTES) {
        copy(buffer);
        buffer = new CopyBuffer();
      }
    }
    copy(buffer);
  }

  private void copy(CopyBuffer buffer) throws SQLException {
    var copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn(
                "COPY feed_staging (piece, table_oid, key, long_key, image, lsn) FROM STDIN (FORMAT"
                    + " binary)");
    byte[] bytes = buffer.finish();
    try {
      copy.writeToCopy(bytes, 0, bytes.length);
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** Completes cells that were not sent from the images stored before. */
  private void fillFromStore(TableId table, Pending.Table changes) throws SQLException {
    List<Key> incomplete =
        changes.rows.entrySet().stream()
            .filter(row -> row.getValue().image().map(OpenTransaction::hasUnsent).orElse(false))
            .map(Map.Entry::getKey)
            .toList();
    if (incomplete.isEmpty()) {
      return;
    }
    List<Optional<Image>> older = newest(table, incomplete);
    for (int i = 0; i < incomplete.size(); i++) {
      Optional<Image> known = older.get(i);
      changes.rows.computeIfPresent(
          incomplete.get(i),
          (key, row) ->
              new Pending.Row(
                  row.image().map(image -> OpenTransaction.fill(image, known)), row.lsn()));
    }
  }

  private List<Optional<Image>> newest(TableId table, List<Key> keys) throws SQLException {
    List<Optional<Image>> images = new ArrayList<>();
    keys.forEach(key -> images.add(Optional.empty()));
    byte[][] indexed =
        keys.stream().map(CellCodec::encode).map(CellCodec::indexed).toArray(byte[][]::new);
    String query =
        """
        SELECT DISTINCT ON (asked.place) asked.place, found.image
        FROM unnest(?::bytea[]) WITH ORDINALITY AS asked (key, place)
        JOIN (SELECT piece, key, image FROM feed_staging WHERE table_oid = ?
              UNION ALL
              SELECT -1, key, image FROM feed_row WHERE table_oid = ?) found ON found.key = asked.key
        ORDER BY asked.place, found.piece DESC
        """;
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setArray(1, connection.createArrayOf("bytea", indexed));
      statement.setLong(2, table.oid());
      statement.setLong(3, table.oid());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byte @Nullable [] image = rows.getBytes(2);
          images.set(rows.getInt(1) - 1, Optional.ofNullable(image).map(CellCodec::image));
        }
      }
    }
    return images;
  }

  /**
   * Older rows of a touched table are of no more use: every fork point before the touch is told so.
   */
  private void touch(Pending pending) throws SQLException {
    for (Map.Entry<TableId, Pending.Table> table : pending.tables().entrySet()) {
      Optional<Pending.Touch> touch = table.getValue().touch;
      if (touch.isEmpty()) {
        continue;
      }
      try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE feed_table SET touched = ?::pg_lsn, touched_why = ? WHERE table_oid = ?");
          PreparedStatement delete =
              connection.prepareStatement("DELETE FROM feed_row WHERE table_oid = ?")) {
        update.setString(1, touch.get().lsn().toString());
        update.setString(2, touch.get().why());
        update.setLong(3, table.getKey().oid());
        update.executeUpdate();
        delete.setLong(1, table.getKey().oid());
        delete.executeUpdate();
      }
    }
  }

  private static Long[] touched(Pending pending) {
    return pending.tables().entrySet().stream()
        .filter(table -> table.getValue().touch.isPresent())
        .map(table -> table.getKey().oid())
        .toArray(Long[]::new);
  }

  private void markers(Map<String, Lsn> markers) throws SQLException {
    if (markers.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO feed_marker (promotion, lsn) VALUES (?, ?::pg_lsn) ON CONFLICT (promotion)"
                + " DO NOTHING")) {
      for (Map.Entry<String, Lsn> marker : markers.entrySet()) {
        statement.setString(1, marker.getKey());
        statement.setString(2, marker.getValue().toString());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void moments(Map<Long, Pending.Moment> moments) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            INSERT INTO feed_moment (ten_seconds, lsn, committed_at) VALUES (?, ?::pg_lsn, ?)
            ON CONFLICT (ten_seconds) DO UPDATE
            SET lsn = excluded.lsn, committed_at = excluded.committed_at
            """)) {
      for (Map.Entry<Long, Pending.Moment> moment : moments.entrySet()) {
        statement.setLong(1, moment.getKey());
        statement.setString(2, moment.getValue().lsn().toString());
        statement.setObject(3, moment.getValue().committedAt().atOffset(ZoneOffset.UTC));
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void progress(Lsn applied) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE feed_progress SET applied = ?::pg_lsn WHERE applied <= ?::pg_lsn")) {
      statement.setString(1, applied.toString());
      statement.setString(2, applied.toString());
      if (statement.executeUpdate() != 1) {
        throw new SQLException("the feed's position would go back to " + applied);
      }
    }
  }

  private interface Work {
    void run() throws SQLException;
  }

  private void inTransaction(Work work) throws SQLException {
    connection.setAutoCommit(false);
    try {
      work.run();
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.isClosed()) {
        execute("DROP TABLE IF EXISTS feed_staging");
      }
    }
  }
}
