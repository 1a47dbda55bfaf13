package dev.anabranch.mainfeed.schema;

import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/**
 * The definitions of one database, read again only when a catalog has moved.
 *
 * <p>Whether one has is told by a sum over its rows' identities and {@code xmin}s: a row that came,
 * went or was written anew changes it, as it changes the fingerprints of a {@link SchemaSnapshot}.
 * Where sequences stand is in no catalog row and is read each time.
 */
public final class Definitions {

  private record Known(String version, SchemaSnapshot snapshot) {}

  private Optional<Known> known = Optional.empty();

  /**
   * Reads in one snapshot, in the caller's transaction or in one of its own, as {@link
   * SchemaReader#read} does.
   *
   * @param connection to the same database each time
   */
  public synchronized SchemaSnapshot read(Connection connection, Lsn asOf) throws SQLException {
    return SchemaReader.inSnapshot(
        connection,
        () -> {
          String version = version(connection);
          Optional<Known> same = known.filter(found -> found.version().equals(version));
          if (same.isPresent()) {
            Map<TableId, Long> sequences = SchemaReader.sequences(connection);
            return same.get().snapshot().asOf(asOf, sequences);
          }
          SchemaSnapshot snapshot = SchemaReader.read(connection, asOf);
          known = Optional.of(new Known(version, snapshot));
          return snapshot;
        });
  }

  /** Changes with the definitions that were read last; empty before that. */
  public synchronized String version() {
    return known.map(Known::version).orElse("");
  }

  /**
   * A mark of what a database's catalogs say, as the caller's transaction sees them, temporary
   * objects left out. Two equal ones, and nothing was defined otherwise between.
   */
  public static String mark(Connection connection) throws SQLException {
    return single(connection, VersionQuery.OF_WHAT_LASTS);
  }

  /** Equal versions: the same definitions. */
  static String version(Connection connection) throws SQLException {
    return single(connection, VersionQuery.SQL);
  }

  private static String single(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }
}
