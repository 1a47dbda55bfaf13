package dev.anabranch.promote.apply;

import dev.anabranch.base.TableId;
import dev.anabranch.promote.plan.RowChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Where the code of main's checks, domains, generated columns and indexes looks for names while a
 * row is written: where it looked when the row was written on the branch.
 *
 * <p>That code runs with the rights of whoever writes, and here that is most often a superuser. So
 * it finds names only in schemas where nobody can put one but superusers and the owners of the
 * database and of the tables, who could do the same by a check. Statements of our own find
 * everything in pg_catalog, which stands first.
 */
final class SearchPaths {

  /** Where our own statements look, and rows whose transaction is not known. */
  static final String OWN = "pg_catalog";

  private static final String CLOSED_TO_OTHERS =
      """
      WITH trusted AS (
        SELECT oid FROM pg_roles WHERE rolsuper OR rolname = 'pg_database_owner'
        UNION SELECT datdba FROM pg_database WHERE datname = current_database()
        UNION SELECT relowner FROM pg_class WHERE oid = ANY (?::int8[]::oid[]))
      SELECT coalesce(string_agg(quote_ident(n.nspname), ', ' ORDER BY p.place), '')
      FROM unnest(?::text[]) WITH ORDINALITY AS p (name, place) JOIN pg_namespace n ON n.nspname = p.name
      WHERE n.nspname !~ '^pg_' AND n.nspowner IN (SELECT oid FROM trusted)
        AND NOT EXISTS (
          SELECT FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
          WHERE a.privilege_type = 'CREATE' AND a.grantee NOT IN (SELECT oid FROM trusted))
      """;

  private final Connection connection;
  private final LongFunction<String> ofUnit;
  private final Collection<TableId> tables;
  private final Map<String, String> found = new HashMap<>();

  /**
   * @param ofUnit a unit's search_path, empty where it is not known
   * @param tables those that are written
   */
  SearchPaths(Connection connection, LongFunction<String> ofUnit, Collection<TableId> tables) {
    this.connection = connection;
    this.ofUnit = ofUnit;
    this.tables = tables;
  }

  /** For a change that was made by several units, as for the last of them. */
  String of(RowChange change) throws SQLException {
    String asked = ofUnit.apply(change.units().getLast());
    String known = found.get(asked);
    if (known == null) {
      known = asked.isEmpty() ? OWN : find(asked);
      found.put(asked, known);
    }
    return known;
  }

  private String find(String asked) throws SQLException {
    try (PreparedStatement look =
            connection.prepareStatement(
                "SELECT pg_catalog.set_config('search_path', ?, true),"
                    + " pg_catalog.current_schemas(false)::text[]");
        PreparedStatement closed = connection.prepareStatement(CLOSED_TO_OTHERS)) {
      look.setString(1, asked);
      try (ResultSet schemas = look.executeQuery()) {
        schemas.next();
        closed.setArray(2, schemas.getArray(2));
      }
      use(OWN);
      closed.setArray(
          1, connection.createArrayOf("int8", tables.stream().map(TableId::oid).toArray()));
      try (ResultSet path = closed.executeQuery()) {
        path.next();
        return path.getString(1).isEmpty() ? OWN : path.getString(1);
      }
    }
  }

  /** From now on, and until the transaction or a savepoint is rolled back. */
  void use(String path) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = " + path);
    }
  }
}
