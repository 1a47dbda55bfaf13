package dev.anabranch.mainfeed.schema;

import dev.anabranch.base.Column;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads a {@link SchemaSnapshot} from the catalogs of one database: main, a standby of it, a golden
 * image or a branch; Postgres 15 to 18. Six set-based queries in one snapshot, whatever the number
 * of tables.
 *
 * <p>A fingerprint is made of catalog rows' OIDs and {@code xmin}s. Every transactional change to a
 * catalog row writes a new version of it with a new {@code xmin}; what VACUUM, ANALYZE and CREATE
 * INDEX write back in place (page and row counts, the frozen horizon, "has an index") leaves it
 * alone, and so do statistics, comments and plain row changes. Storage is identified by {@code
 * relfilenode}, which every rewrite and every TRUNCATE replaces. System catalogs, {@code
 * information_schema}, TOAST and temporary relations are left out.
 *
 * <p>Not seen here, because nothing in the catalogs moves: {@code REFRESH MATERIALIZED VIEW
 * CONCURRENTLY}, writes to unlogged and foreign tables, sequences' positions. {@link
 * SchemaSnapshot.Relation#kind()} and {@link SchemaSnapshot.Relation#persistence()} tell such
 * relations.
 */
public final class SchemaReader {

  private SchemaReader() {}

  /**
   * Reads in one snapshot. A connection in auto-commit mode gets a read-only REPEATABLE READ
   * transaction for it; in any other, the caller's transaction is used.
   *
   * @param asOf a position that is known to be visible on this connection; every commit at or below
   *     it is seen
   */
  public static SchemaSnapshot read(Connection connection, Lsn asOf) throws SQLException {
    return inSnapshot(connection, () -> new Reading(connection).snapshot(asOf));
  }

  /** Something read from the catalogs. */
  interface Look<T> {
    T look() throws SQLException;
  }

  static <T> T inSnapshot(Connection connection, Look<T> look) throws SQLException {
    if (!connection.getAutoCommit()) {
      return look.look();
    }
    try (Statement statement = connection.createStatement()) {
      // A sequence's position can't be read while somebody keeps the sequence to himself.
      statement.execute(
          "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '10s'");
      connection.setAutoCommit(false);
      try {
        return look.look();
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  static Map<TableId, Long> sequences(Connection connection) throws SQLException {
    return new Reading(connection).sequences();
  }

  /** The pieces of one relation while they are gathered. */
  private static final class Draft {
    final String schema;
    final String name;
    final char kind;
    final char persistence;
    final Fingerprint fingerprint = new Fingerprint();
    final Map<String, Fingerprint> facets = new TreeMap<>();
    final Map<Integer, String> versions = new LinkedHashMap<>();
    final List<Column> columns = new ArrayList<>();
    final Set<TableId> children = new HashSet<>();
    final Set<Integer> generated = new HashSet<>();
    final Map<Integer, SchemaSnapshot.ColumnFacts> facts = new LinkedHashMap<>();

    boolean quiet;
    final Set<Integer> followed = new HashSet<>();
    boolean refreshedWhole;
    final List<SchemaSnapshot.Reference> references = new ArrayList<>();
    final Map<Integer, TableId> generators = new HashMap<>();
    final List<SchemaSnapshot.Unique> uniques = new ArrayList<>();

    void facet(String name, String identity) {
      facets.computeIfAbsent(name, ignored -> new Fingerprint()).add(identity);
    }

    Draft(String schema, String name, char kind, char persistence) {
      this.schema = schema;
      this.name = name;
      this.kind = kind;
      this.persistence = persistence;
    }
  }

  /** The facet {@code storage} of these relations, as a snapshot has it. */
  public static Map<TableId, String> storage(Connection connection, Set<TableId> relations)
      throws SQLException {
    Map<TableId, String> storage = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT oid, relfilenode::text FROM pg_catalog.pg_class WHERE oid = ANY"
                + " (?::int8[]::oid[])")) {
      query.setArray(
          1, connection.createArrayOf("int8", relations.stream().map(TableId::oid).toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Fingerprint fingerprint = new Fingerprint();
          fingerprint.add(row.getString(2));
          storage.put(new TableId(row.getLong(1)), fingerprint.digest());
        }
      }
    }
    return storage;
  }

  private static final class Reading {
    private final Connection connection;
    private final Map<Long, Draft> drafts = new LinkedHashMap<>();
    private final Map<String, Fingerprint> names = new TreeMap<>();

    Reading(Connection connection) {
      this.connection = connection;
    }

    SchemaSnapshot snapshot(Lsn asOf) throws SQLException {
      relations();
      columns();
      relatedRows();
      children();
      references();
      generators();
      uniques();
      Map<TableId, SchemaSnapshot.Relation> relations = new HashMap<>();
      drafts.forEach((oid, draft) -> {
        TableId id = new TableId(oid);
        relations.put(
            id,
            new SchemaSnapshot.Relation(
                new TableShape(id, draft.schema, draft.name, draft.columns),
                draft.kind,
                draft.persistence,
                draft.fingerprint.digest(),
                Set.copyOf(draft.children),
                Set.copyOf(draft.generated),
                Map.copyOf(draft.facts),
                draft.quiet,
                draft.followed.isEmpty(),
                Set.copyOf(draft.followed),
                digests(draft.facets),
                Map.copyOf(draft.versions),
                draft.refreshedWhole,
                List.copyOf(draft.references),
                Map.copyOf(draft.generators),
                List.copyOf(draft.uniques)));
      });
      Map<String, String> nameFingerprints = digests(names);
      return new SchemaSnapshot(
          asOf,
          Map.copyOf(relations),
          nameFingerprints,
          routines(),
          definitions(),
          builtins(),
          new RightsReader(connection).read(),
          sequences(),
          guards(),
          serverVersion());
    }

    private static Map<String, String> digests(Map<String, Fingerprint> fingerprints) {
      Map<String, String> digests = new HashMap<>();
      fingerprints.forEach((name, fingerprint) -> digests.put(name, fingerprint.digest()));
      return Map.copyOf(digests);
    }

    private List<Definition> definitions() throws SQLException {
      List<Definition> definitions = new ArrayList<>();
      each(
          DefinitionQueries.DEFINITIONS,
          row ->
              definitions.add(
                  new Definition(
                      Definition.Kind.valueOf(row.getString("kind")),
                      row.getLong("oid"),
                      Objects.requireNonNullElse(row.getString("name"), ""),
                      Stream.of(row.getString("types").split(","))
                          .filter(type -> !type.isEmpty())
                          .map(Long::valueOf)
                          .toList(),
                      row.getString("version"))));
      return List.copyOf(definitions);
    }

    private String builtins() throws SQLException {
      Fingerprint fingerprint = new Fingerprint();
      each(DefinitionQueries.BUILTINS, row -> fingerprint.add(row.getString(1)));
      return fingerprint.digest();
    }

    private void relations() throws SQLException {
      each(
          SchemaQueries.RELATIONS,
          row -> {
            String schema = row.getString("schema");
            String name = row.getString("name");
            char kind = row.getString("kind").charAt(0);
            Draft draft = new Draft(schema, name, kind, row.getString("persistence").charAt(0));
            draft.fingerprint.add(row.getString("identity"));
            draft.facet("class", row.getString("class"));
            draft.facet("rights", row.getString("rights"));
            draft.facet("storage", row.getString("storage"));
            draft.quiet = row.getBoolean("quiet");
            followed(row, draft);
            draft.refreshedWhole = row.getBoolean("refreshed_whole");
            drafts.put(row.getLong("oid"), draft);
            names
                .computeIfAbsent(name, ignored -> new Fingerprint())
                .add(row.getLong("oid") + ":" + kind + ":" + schema);
          });
    }

    private static void followed(ResultSet row, Draft draft) throws SQLException {
      Array columns = row.getArray("followed");
      if (columns != null && columns.getArray() instanceof Short[] numbers) {
        for (Short number : numbers) {
          draft.followed.add(number.intValue());
        }
      }
    }

    private void columns() throws SQLException {
      each(
          SchemaQueries.COLUMNS,
          row -> {
            Draft draft = drafts.get(row.getLong("relation"));
            if (draft == null) {
              return;
            }
            int number = row.getInt("number");
            draft.fingerprint.add(row.getString("identity"));
            if (row.getBoolean("dropped")) {
              return;
            }
            draft.versions.put(number, row.getString("name") + " " + row.getString("identity"));
            if (row.getBoolean("generated")) {
              draft.generated.add(number);
            } else {
              draft.columns.add(
                  new Column(
                      number,
                      row.getString("name"),
                      row.getLong("type"),
                      row.getInt("modifier"),
                      row.getBoolean("in_key")));
            }
            draft.facts.put(
                number,
                new SchemaSnapshot.ColumnFacts(
                    row.getBoolean("not_null"),
                    row.getBoolean("deterministic"),
                    row.getBoolean("is_c"),
                    row.getString("sequence")));
          });
    }

    private void relatedRows() throws SQLException {
      each(
          SchemaQueries.RELATED,
          row -> {
            Draft draft = drafts.get(row.getLong("relation"));
            if (draft != null) {
              String identity = row.getString("identity");
              draft.fingerprint.add(identity);
              draft.facet(identity.substring(0, identity.indexOf(':')), identity);
            }
          });
    }

    private void children() throws SQLException {
      each(
          "SELECT inhparent, inhrelid FROM pg_catalog.pg_inherits ORDER BY 1, 2",
          row -> {
            Draft draft = drafts.get(row.getLong(1));
            if (draft != null && drafts.containsKey(row.getLong(2))) {
              draft.children.add(new TableId(row.getLong(2)));
            }
          });
    }

    private void references() throws SQLException {
      each(
          SchemaQueries.REFERENCES,
          row -> {
            Draft draft = drafts.get(row.getLong(1));
            if (draft != null) {
              draft.references.add(
                  new SchemaSnapshot.Reference(
                      numbers(row.getString(2)),
                      new TableId(row.getLong(3)),
                      numbers(row.getString(4))));
            }
          });
    }

    private void generators() throws SQLException {
      each(
          SchemaQueries.GENERATORS,
          row -> {
            Draft draft = drafts.get(row.getLong(1));
            if (draft != null) {
              draft.generators.put(row.getInt(2), new TableId(row.getLong(3)));
            }
          });
    }

    private void uniques() throws SQLException {
      each(
          SchemaQueries.UNIQUES,
          row -> {
            Draft draft = drafts.get(row.getLong(1));
            if (draft != null) {
              List<Integer> compared = numbers(row.getString(2));
              Set<Integer> read = new HashSet<>(compared);
              read.addAll(numbers(row.getString(3)));
              read.remove(0);
              draft.uniques.add(
                  new SchemaSnapshot.Unique(compared, Set.copyOf(read), row.getBoolean(4)));
            }
          });
    }

    private static List<Integer> numbers(String joined) {
      return Stream.of(joined.split(","))
          .filter(number -> !number.isEmpty())
          .map(Integer::valueOf)
          .toList();
    }

    private String routines() throws SQLException {
      Fingerprint fingerprint = new Fingerprint();
      each(SchemaQueries.ROUTINES, row -> fingerprint.add(row.getString(1)));
      return fingerprint.digest();
    }

    private Map<TableId, Long> sequences() throws SQLException {
      Map<TableId, Long> positions = new HashMap<>();
      each(
          SchemaQueries.SEQUENCES,
          row -> positions.put(new TableId(row.getLong(1)), row.getLong(2)));
      return Map.copyOf(positions);
    }

    private Map<TableId, Map<String, String>> guards() throws SQLException {
      Map<TableId, Map<String, String>> guards = new HashMap<>();
      each(
          SchemaQueries.GUARDS,
          row ->
              guards
                  .computeIfAbsent(new TableId(row.getLong(1)), _ -> new HashMap<>())
                  .put(row.getString(2), row.getString(3)));
      return Map.copyOf(guards);
    }

    private int serverVersion() throws SQLException {
      int[] version = new int[1];
      each("SHOW server_version_num", row -> version[0] = row.getInt(1));
      return version[0];
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

  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }
}
