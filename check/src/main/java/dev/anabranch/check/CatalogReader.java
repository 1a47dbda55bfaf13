package dev.anabranch.check;

import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.footprint.Catalog.Routine;
import dev.anabranch.predicate.footprint.Catalog.Volatility;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Reads what footprints need of {@code pg_proc} and {@code pg_database}. */
final class CatalogReader {

  private CatalogReader() {}

  static Catalog read(Connection connection) throws SQLException {
    Map<Long, Routine> routines = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT oid, proname, provolatile FROM pg_catalog.pg_proc")) {
        while (rows.next()) {
          routines.put(
              rows.getLong(1), new Routine(rows.getString(2), Volatility.of(rows.getString(3))));
        }
      }
      try (ResultSet row =
          statement.executeQuery(
              """
              SELECT datlocprovider = 'b' OR datlocprovider = 'c' AND datcollate IN ('C', 'POSIX'),
                     encoding = pg_catalog.pg_char_to_encoding('UTF8'),
                     pg_catalog.current_setting('server_version_num')::int
              FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
              """)) {
        row.next();
        return new Catalog(routines, row.getBoolean(1), row.getBoolean(2), row.getInt(3));
      }
    }
  }
}
