package dev.anabranch.mainfeed.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads {@link Rights} from the catalogs. Memberships are followed here and not by {@code
 * pg_has_role}, which would have to be asked for each pair of roles.
 */
final class RightsReader {

  /**
   * The client of a branch, who on main would be a member of all that own something there: on main
   * nobody has that name, and there it stands for what it would be.
   */
  static final String CLIENT = "anabranch_client";

  private static final String ROLES =
      "SELECT rolname, rolsuper, rolbypassrls FROM pg_catalog.pg_roles";

  /**
   * Since Postgres 16 inheriting is a property of the grant, before it was one of the member. The
   * owner of the database is a member of pg_database_owner, which no catalog row says.
   */
  private static final String MEMBERSHIPS =
      """
      SELECT m.rolname AS member, r.rolname AS role,
             coalesce((to_jsonb(g) ->> 'inherit_option')::boolean, m.rolinherit) AS inherits,
             coalesce((to_jsonb(g) ->> 'set_option')::boolean, true) AS becomes
      FROM pg_catalog.pg_auth_members g
      JOIN pg_catalog.pg_roles m ON m.oid = g.member JOIN pg_catalog.pg_roles r ON r.oid = g.roleid
      UNION ALL
      SELECT m.rolname, 'pg_database_owner', true, false
      FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles m ON m.oid = d.datdba
      WHERE d.datname = pg_catalog.current_database()
      """;

  private static final String SCHEMAS =
      """
      SELECT n.nspname, coalesce(r.rolname, '')
      FROM pg_catalog.pg_namespace n
      CROSS JOIN LATERAL (
        SELECT n.nspowner AS grantee
        UNION
        SELECT a.grantee FROM aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
        WHERE a.privilege_type = 'USAGE') users
      LEFT JOIN pg_catalog.pg_roles r ON r.oid = users.grantee
      WHERE n.nspname !~ '^pg_(toast|temp)' AND (users.grantee = 0 OR r.oid IS NOT NULL)
      """;

  /** Roles that own something: the usual client of a branch is a member of each. */
  private static final String OWNERS =
      """
      SELECT r.rolname FROM pg_catalog.pg_roles r
      WHERE NOT r.rolsuper AND r.rolname !~ '^pg_' AND r.rolname !~ '^anabranch_' AND r.oid IN (
        SELECT relowner FROM pg_catalog.pg_class UNION SELECT nspowner FROM pg_catalog.pg_namespace
        UNION SELECT proowner FROM pg_catalog.pg_proc UNION SELECT typowner FROM pg_catalog.pg_type
        UNION SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      """;

  private static final String TIES =
      """
      SELECT c.oid, o.rolname, coalesce(r.rolname, '')
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND %s
      JOIN pg_catalog.pg_roles o ON o.oid = c.relowner
      CROSS JOIN LATERAL (
        SELECT c.relowner AS role
        UNION SELECT a.grantee FROM aclexplode(c.relacl) a
        UNION SELECT a.grantee FROM pg_catalog.pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
          WHERE t.attrelid = c.oid AND t.attacl IS NOT NULL
        UNION SELECT unnest(p.polroles) FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid) ties
      LEFT JOIN pg_catalog.pg_roles r ON r.oid = ties.role
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      """
          .formatted(SchemaQueries.USER_SCHEMA);

  private static final String DEFINERS =
      """
      SELECT DISTINCT r.rolname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_roles r ON r.oid = p.proowner
      WHERE p.prosecdef AND p.oid >= 16384 AND NOT r.rolsuper
      """;

  /** Who may call a function or use a type is asked wherever one is met. */
  private static final String EVERYWHERE =
      """
      SELECT r.rolname FROM pg_catalog.pg_roles r
      WHERE r.rolname IN ('pg_read_all_data', 'pg_write_all_data') OR r.oid IN (
        SELECT a.grantee FROM pg_catalog.pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) a WHERE p.oid >= 16384
        UNION
        SELECT p.proowner FROM pg_catalog.pg_proc p WHERE p.oid >= 16384 AND p.proacl IS NOT NULL
        UNION
        SELECT a.grantee FROM pg_catalog.pg_type t CROSS JOIN LATERAL aclexplode(t.typacl) a WHERE t.oid >= 16384
        UNION
        SELECT a.grantee FROM pg_catalog.pg_foreign_server s CROSS JOIN LATERAL aclexplode(s.srvacl) a)
      """;

  private record Membership(String role, boolean inherits, boolean becomes) {}

  private final Connection connection;
  private final Map<String, List<Membership>> memberships = new HashMap<>();
  private final Map<String, Rights.Role> roles = new HashMap<>();
  private final Map<String, Set<String>> schemaUsers = new HashMap<>();

  RightsReader(Connection connection) {
    this.connection = connection;
  }

  Rights read() throws SQLException {
    each(
        MEMBERSHIPS,
        row ->
            memberships
                .computeIfAbsent(row.getString(1), ignored -> new ArrayList<>())
                .add(new Membership(row.getString(2), row.getBoolean(3), row.getBoolean(4))));
    each(
        ROLES,
        row ->
            roles.put(
                row.getString(1),
                role(Set.of(row.getString(1)), row.getBoolean(2), row.getBoolean(3))));
    Map<Long, Rights.Ties> ties = new HashMap<>();
    each(
        TIES,
        row -> {
          Rights.Ties fresh = new Rights.Ties(row.getString(2), new HashSet<>());
          ties.computeIfAbsent(row.getLong(1), ignored -> fresh).named().add(row.getString(3));
        });
    each(
        SCHEMAS,
        row ->
            schemaUsers
                .computeIfAbsent(row.getString(1), ignored -> new HashSet<>())
                .add(row.getString(2)));
    if (!roles.containsKey(CLIENT)) {
      roles.put(CLIENT, role(names(OWNERS), false, false));
    }
    return new Rights(
        Map.copyOf(roles),
        Map.copyOf(ties),
        names(DEFINERS),
        names(EVERYWHERE),
        Map.copyOf(schemaUsers));
  }

  private Set<String> names(String query) throws SQLException {
    Set<String> names = new HashSet<>();
    each(query, row -> names.add(row.getString(1)));
    return Set.copyOf(names);
  }

  private Rights.Role role(Set<String> names, boolean superuser, boolean bypasses) {
    // A superuser acts as everybody.
    return superuser
        ? new Rights.Role(true, true, Set.of(), Set.of())
        : new Rights.Role(
            false,
            bypasses,
            reached(names, Membership::inherits),
            reached(names, membership -> membership.becomes() || membership.inherits()));
  }

  private Set<String> reached(Set<String> from, Predicate<Membership> along) {
    Set<String> reached = new HashSet<>(from);
    Deque<String> open = new ArrayDeque<>(from);
    while (!open.isEmpty()) {
      for (Membership membership : memberships.getOrDefault(open.pop(), List.of())) {
        if (along.test(membership) && reached.add(membership.role())) {
          open.push(membership.role());
        }
      }
    }
    return Set.copyOf(reached);
  }

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  private void each(String query, RowReader reader) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }
}
