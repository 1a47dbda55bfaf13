package dev.anabranch.check;

import dev.anabranch.base.TableId;
import dev.anabranch.mainfeed.schema.TrustedExtensions;
import dev.anabranch.predicate.footprint.Catalog;
import dev.anabranch.predicate.footprint.Catalog.Operator;
import dev.anabranch.predicate.footprint.Catalog.Routine;
import dev.anabranch.predicate.footprint.Catalog.Volatility;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Reads what footprints need of {@code pg_proc}, its kin and {@code pg_database}. */
final class CatalogReader {

  private static final String ROUTINES =
      """
      SELECT p.oid, p.proname, p.provolatile,
             p.oid < 16384 OR EXISTS (
               SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
               WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
                 AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND e.extname IN (%s))
             AND p.prolang = (SELECT l.oid FROM pg_catalog.pg_language l WHERE l.lanname = 'c') AS ours
      FROM pg_catalog.pg_proc p
      """
          .formatted(TrustedExtensions.NAMES);

  /** Enums, domains over plain types whose checks call built-in routines alone, arrays of them. */
  private static final String PLAIN_TYPES =
      """
      WITH RECURSIVE checked AS MATERIALIZED (
        SELECT k.contypid FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_constraint'::regclass AND p.objid = k.oid
                                   AND p.refclassid = 'pg_catalog.pg_proc'::regclass AND p.refobjid >= 16384
        WHERE k.contypid <> 0),
      plain (oid) AS (
        SELECT t.oid FROM pg_catalog.pg_type t
        WHERE t.oid < 16384 AND t.typtype = 'b' OR t.typtype = 'e'
        UNION
        SELECT t.oid FROM pg_catalog.pg_type t JOIN plain p
          ON t.typtype = 'd' AND t.typbasetype = p.oid AND t.oid NOT IN (SELECT contypid FROM checked)
          OR t.typcategory = 'A' AND t.typelem = p.oid)
      SELECT oid FROM plain WHERE oid >= 16384
      """;

  /** Each type that is a row of a relation, or is made of one at whatever depth. */
  private static final String ROW_TYPES =
      """
      WITH RECURSIVE made (type, part) AS MATERIALIZED (
        SELECT oid, typelem FROM pg_catalog.pg_type WHERE typelem >= 16384
        UNION ALL
        SELECT oid, typbasetype FROM pg_catalog.pg_type WHERE typbasetype >= 16384
        UNION ALL
        SELECT rngtypid, rngsubtype FROM pg_catalog.pg_range WHERE rngsubtype >= 16384
        UNION ALL
        SELECT c.reltype, a.atttypid FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384 AND c.reltype <> 0),
      rows (type, relation) AS (
        SELECT reltype, oid FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND oid >= 16384 AND reltype <> 0
        UNION
        SELECT made.type, rows.relation FROM made JOIN rows ON rows.type = made.part)
      SELECT type, relation FROM rows
      """;

  private static final String LOOSE =
      """
      SELECT DISTINCT i.indrelid::oid FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL unnest(i.indcollation::oid[]) AS used (oid)
      JOIN pg_catalog.pg_collation c ON c.oid = used.oid AND NOT c.collisdeterministic
      WHERE i.indisunique
      """;

  private static final String FACTS =
      """
      SELECT datlocprovider = 'b' OR datlocprovider = 'c' AND datcollate IN ('C', 'POSIX'),
             pg_catalog.pg_encoding_to_char(encoding),
             pg_catalog.current_setting('server_version_num')::int,
             EXISTS (SELECT FROM pg_catalog.pg_cast c WHERE castfunc >= 16384 AND casttarget IN (114, 3802)
                     AND NOT EXISTS (
                       SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
                       WHERE d.objid = c.castfunc AND d.deptype = 'e' AND e.extname = 'hstore')),
             EXISTS (SELECT FROM pg_catalog.pg_constraint k
                     JOIN pg_catalog.pg_depend p ON p.classid = 'pg_catalog.pg_constraint'::regclass AND p.objid = k.oid
                       AND p.refclassid = 'pg_catalog.pg_proc'::regclass AND p.refobjid >= 16384
                     WHERE k.contypid <> 0)
      FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
      """;

  private CatalogReader() {}

  static Catalog read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Map<Long, Routine> routines = new HashMap<>();
      try (ResultSet rows = statement.executeQuery(ROUTINES)) {
        while (rows.next()) {
          Volatility volatility = Volatility.of(rows.getString(3));
          routines.put(
              rows.getLong(1), new Routine(rows.getString(2), volatility, rows.getBoolean(4)));
        }
      }
      Map<Long, Operator> operators = new HashMap<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT oid, oprname, oprcode::oid FROM pg_catalog.pg_operator")) {
        while (rows.next()) {
          operators.put(rows.getLong(1), new Operator(rows.getString(2), rows.getLong(3)));
        }
      }
      Set<Long> plain = new HashSet<>();
      try (ResultSet rows = statement.executeQuery(PLAIN_TYPES)) {
        while (rows.next()) {
          plain.add(rows.getLong(1));
        }
      }
      Map<Long, Set<TableId>> rowTypes = new HashMap<>();
      try (ResultSet rows = statement.executeQuery(ROW_TYPES)) {
        while (rows.next()) {
          rowTypes
              .computeIfAbsent(rows.getLong(1), ignored -> new HashSet<>())
              .add(new TableId(rows.getLong(2)));
        }
      }
      Set<TableId> loose = new HashSet<>();
      try (ResultSet rows = statement.executeQuery(LOOSE)) {
        while (rows.next()) {
          loose.add(new TableId(rows.getLong(1)));
        }
      }
      try (ResultSet row = statement.executeQuery(FACTS)) {
        row.next();
        return new Catalog(
            routines,
            operators,
            plain,
            rowTypes,
            row.getBoolean(4),
            row.getBoolean(5),
            loose,
            row.getBoolean(1),
            row.getString(2),
            row.getInt(3));
      }
    }
  }
}
