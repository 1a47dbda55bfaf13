package dev.anabranch.mainfeed.slot;

import dev.anabranch.base.Column;
import dev.anabranch.base.Identifiers;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.SessionDefaults;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.stream.Collectors;

/** What the feed asks of main, and the few things it makes there, over one plain connection. */
final class PublicationCatalog implements AutoCloseable {

  /**
   * A table of main.
   *
   * @param hindrance why its updates can't be published, if so
   * @param membership the OID of its place in the feed's publication, if it has one without a
   *     filter
   * @param odd true when it is in the publication with a row filter or a column list
   */
  record Candidate(
      TableShape shape, Optional<String> hindrance, OptionalLong membership, boolean odd) {

    Candidate hinderedBy(String why) {
      return new Candidate(shape, Optional.of(why), membership, odd);
    }
  }

  /** A slot as main has it. */
  record Slot(
      String plugin,
      String database,
      boolean lost,
      Optional<Lsn> confirmed,
      OptionalLong activePid) {}

  /**
   * Main's snapshot: transactions below {@code xmin} have ended, those from {@code xmax} on had not
   * begun to write.
   */
  record Horizon(long xmin, long xmax, Lsn insertLsn, Lsn flushLsn) {

    /** Whether nothing was writing then. */
    boolean isStill() {
      return xmin == xmax;
    }
  }

  private static final String CANDIDATES =
      """
      WITH keys AS MATERIALIZED (%s),
      generated AS MATERIALIZED (
        SELECT attrelid AS relation, array_agg(attnum) AS columns FROM pg_catalog.pg_attribute
        WHERE attgenerated <> '' AND NOT attisdropped GROUP BY attrelid),
      identities AS MATERIALIZED (
        SELECT i.indrelid AS relation, bool_or(i.indisvalid AND i.indimmediate) AS usable,
               bool_or((i.indkey::int2[])[0:i.indnkeyatts - 1] && g.columns) AS generated
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        LEFT JOIN generated g ON g.relation = i.indrelid
        WHERE CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END
        GROUP BY i.indrelid)
      SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relpersistence AS persistence,
             c.relreplident AS identity,
             g.relation IS NOT NULL AS has_generated,
             coalesce(x.usable, false) AS has_identity_index,
             coalesce(x.generated, false) AS has_generated_identity,
             pr.oid AS membership, pr.prqual IS NOT NULL OR pr.prattrs IS NOT NULL AS odd,
             a.attnum AS number, a.attname AS column_name, a.atttypid AS type, a.atttypmod AS modifier,
             coalesce(a.attnum = ANY (k.columns), false) AS in_key
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND %s
      LEFT JOIN pg_catalog.pg_publication p ON p.pubname = ?
      LEFT JOIN pg_catalog.pg_publication_rel pr ON pr.prpubid = p.oid AND pr.prrelid = c.oid
      LEFT JOIN keys k ON k.relation = c.oid
      LEFT JOIN generated g ON g.relation = c.oid
      LEFT JOIN identities x ON x.relation = c.oid
      LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.relkind = 'r'
      ORDER BY c.oid, a.attnum
      """
          .formatted(SchemaQueries.KEY_COLUMNS, SchemaQueries.USER_SCHEMA);

  private final Connection connection;
  private final String publication;

  /**
   * Altering the publication must not queue up behind a long lock, and make production queue up
   * behind us.
   */
  private static final Duration SLOT_PATIENCE = Duration.ofSeconds(10);

  private static final String QUERY_CANCELED = "57014";

  private static final String LOCK_PATIENCE = "SET lock_timeout = '500ms'";

  PublicationCatalog(Connection connection, String publication) throws SQLException {
    this.connection = connection;
    this.publication = publication;
    execute(LOCK_PATIENCE);
  }

  /** A connection of its own. */
  static PublicationCatalog open(FeedSettings settings) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(settings.properties());
    properties.putIfAbsent("ApplicationName", "anabranch feed");
    properties.putIfAbsent("tcpKeepAlive", "true");
    return new PublicationCatalog(
        SessionDefaults.connect(
            properties, all -> DriverManager.getConnection(settings.jdbcUrl(), all)),
        settings.publication());
  }

  List<Candidate> candidates() throws SQLException {
    List<Candidate> candidates = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(CANDIDATES)) {
      statement.setString(1, publication);
      try (ResultSet row = statement.executeQuery()) {
        boolean more = row.next();
        while (more) {
          long oid = row.getLong("oid");
          Candidate table = candidate(row);
          List<Column> columns = new ArrayList<>();
          do {
            if (row.getObject("number") != null) {
              columns.add(column(row));
            }
            more = row.next();
          } while (more && row.getLong("oid") == oid);
          TableShape shape = table.shape();
          candidates.add(
              new Candidate(
                  new TableShape(shape.id(), shape.schema(), shape.name(), columns),
                  table.hindrance(),
                  table.membership(),
                  table.odd()));
        }
      }
    }
    return candidates;
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    TableShape shape =
        new TableShape(
            new TableId(row.getLong("oid")),
            row.getString("schema"),
            row.getString("name"),
            List.of());
    long membership = row.getLong("membership");
    boolean member = !row.wasNull();
    boolean odd = member && row.getBoolean("odd");
    return new Candidate(
        shape, hindrance(row), member ? OptionalLong.of(membership) : OptionalLong.empty(), odd);
  }

  /**
   * A table whose updates are published without a replica identity would have them refused: it is
   * never published.
   */
  private static Optional<String> hindrance(ResultSet row) throws SQLException {
    char persistence = row.getString("persistence").charAt(0);
    if (persistence != 'p') {
      return Optional.of("it is not logged");
    }
    char identity = row.getString("identity").charAt(0);
    boolean hasIndex = row.getBoolean("has_identity_index");
    // Postgres 18 refuses updates of a table whose identity has generated columns that are not
    // published; the virtual ones never can be.
    if (row.getBoolean("has_generated_identity")) {
      return Optional.of("its replica identity has a generated column");
    }
    return switch (identity) {
      case 'f' ->
          row.getBoolean("has_generated")
              ? Optional.of("its replica identity is FULL and it has generated columns")
              : Optional.empty();
      case 'd' ->
          hasIndex
              ? Optional.empty()
              : Optional.of("it has no primary key and no other replica identity");
      case 'i' ->
          hasIndex ? Optional.empty() : Optional.of("the index of its replica identity is gone");
      default -> Optional.of("its replica identity is NOTHING");
    };
  }

  private static Column column(ResultSet row) throws SQLException {
    return new Column(
        row.getInt("number"),
        row.getString("column_name"),
        row.getLong("type"),
        row.getInt("modifier"),
        row.getBoolean("in_key"));
  }

  /** Makes the publication, or mends its options. True when it is as it always was. */
  boolean ensurePublication() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND NOT puballtables AND NOT pubviaroot
            FROM pg_catalog.pg_publication WHERE pubname = ?
            """)) {
      statement.setString(1, publication);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next() && row.getBoolean(1)) {
          return true;
        }
      }
    }
    execute("DROP PUBLICATION IF EXISTS " + Identifiers.quote(publication));
    execute("CREATE PUBLICATION " + Identifiers.quote(publication));
    return false;
  }

  /** True when there was one. */
  boolean dropPublication() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT FROM pg_catalog.pg_publication WHERE pubname = ?")) {
      statement.setString(1, publication);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return false;
        }
      }
    }
    execute("DROP PUBLICATION " + Identifiers.quote(publication));
    return true;
  }

  /** What `anabranch main guard` printed and a superuser ran; without a publication it is idle. */
  private static final String DROP_GUARD =
      "DROP EVENT TRIGGER IF EXISTS anabranch_guard; DROP FUNCTION IF EXISTS"
          + " public.anabranch_guard()";

  /** False where it is there, and whoever asks may not drop it. */
  boolean dropGuard() throws SQLException {
    try {
      execute(DROP_GUARD);
      return true;
    } catch (SQLException e) {
      if ("42501".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  /** A table that is published and has no replica identity: Postgres refuses its updates. */
  private static final String WITHOUT_IDENTITY =
      """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_publication p
        JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
        JOIN pg_catalog.pg_class c ON c.oid = r.prrelid AND c.relreplident <> 'f'
        WHERE p.pubname = ?
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                          WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                            AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END))
      """;

  /** Whether main refuses updates of a table since it is in the publication. */
  boolean mayRefuseUpdates() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WITHOUT_IDENTITY)) {
      statement.setString(1, publication);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  void publish(Collection<TableShape> tables) throws SQLException {
    alter("ADD", tables);
  }

  void unpublish(Collection<TableShape> tables) throws SQLException {
    alter("DROP", tables);
  }

  /** ONLY: inheritance children are tables of their own here. */
  private void alter(String verb, Collection<TableShape> tables) throws SQLException {
    String list =
        tables.stream()
            .map(table -> "ONLY " + table.quotedName())
            .collect(Collectors.joining(", "));
    execute("ALTER PUBLICATION " + Identifiers.quote(publication) + " " + verb + " TABLE " + list);
  }

  Horizon horizon() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
                       pg_current_wal_insert_lsn()::text, pg_current_wal_flush_lsn()::text
                FROM pg_current_snapshot() s
                """)) {
      row.next();
      return new Horizon(
          row.getLong(1), row.getLong(2), Lsn.parse(row.getString(3)), Lsn.parse(row.getString(4)));
    }
  }

  String systemId() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT system_identifier::text FROM pg_control_system()")) {
      row.next();
      return row.getString(1);
    }
  }

  Optional<Slot> slot(String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT coalesce(s.plugin, ''), coalesce(s.database, ''),
                   coalesce(s.wal_status, '') = 'lost' OR to_jsonb(s) ->> 'invalidation_reason' IS NOT NULL
                     OR (to_jsonb(s) ->> 'conflicting')::boolean IS TRUE,
                   s.confirmed_flush_lsn::text, s.active_pid
            FROM pg_catalog.pg_replication_slots s WHERE s.slot_name = ?
            """)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        long pid = row.getLong(5);
        OptionalLong activePid = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(pid);
        return Optional.of(
            new Slot(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                Optional.ofNullable(row.getString(4)).map(Lsn::parse),
                activePid));
      }
    }
  }

  /** Main's WAL can't be read before transactions that were writing have ended. */
  static final class StillWriting extends SQLException {
    private static final long serialVersionUID = 1;

    StillWriting(String who, SQLException cause) {
      super(who, cause.getSQLState(), cause);
    }
  }

  /**
   * Waits for every transaction that is writing now to end, as Postgres wants it; not for ever, so
   * that it can be said which.
   *
   * @throws StillWriting when one goes on for long
   */
  Lsn createSlot(String name) throws SQLException {
    execute("SET lock_timeout = 0; SET statement_timeout = " + SLOT_PATIENCE.toMillis());
    try {
      Lsn start = slotAt(name);
      execute("SET statement_timeout = 0; " + LOCK_PATIENCE);
      return start;
    } catch (SQLException e) {
      if (!QUERY_CANCELED.equals(e.getSQLState())) {
        throw e;
      }
      execute("SET statement_timeout = 0; " + LOCK_PATIENCE);
      throw new StillWriting(oldestWriter(), e);
    }
  }

  private String oldestWriter() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT who FROM (
                  SELECT format('the prepared transaction %L of database %I, from %s: COMMIT PREPARED %1$L or ROLLBACK PREPARED %1$L there',
                                gid, database, date_trunc('second', prepared)) AS who, prepared AS since
                  FROM pg_prepared_xacts
                  UNION ALL
                  SELECT format('the transaction of process %s (%s), from %s: end it, or wait',
                                pid, coalesce(nullif(application_name, ''), usename), date_trunc('second', xact_start)), xact_start
                  FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()) writers
                ORDER BY since LIMIT 1
                """)) {
      return row.next()
          ? row.getString(1)
          : "a transaction that has ended since: it is tried again";
    }
  }

  /** A plain table by its name, or all those that are partitions of it; none when there is none. */
  List<TableShape> named(String name) throws SQLException {
    List<TableShape> tables = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT c.oid, n.nspname, c.relname
            FROM (SELECT to_regclass(?)::oid AS oid) root
            CROSS JOIN LATERAL (SELECT root.oid UNION SELECT relid FROM pg_partition_tree(root.oid)) part (oid)
            JOIN pg_catalog.pg_class c ON c.oid = part.oid AND c.relkind = 'r'
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            """)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          tables.add(
              new TableShape(
                  new TableId(row.getLong(1)), row.getString(2), row.getString(3), List.of()));
        }
      }
      return tables;
    } catch (SQLException e) {
      if ("42602".equals(e.getSQLState())) {
        return List.of(); // no name at all
      }
      throw e;
    }
  }

  private Lsn slotAt(String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT lsn::text FROM pg_create_logical_replication_slot(?, 'pgoutput')")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    }
  }

  void dropSlot(String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      statement.setString(1, name);
      statement.execute();
    }
  }

  /** Ends the backend that still reads our slot: one of an earlier life of this server. */
  void endReader(long pid) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_terminate_backend(?, 5000)")) {
      statement.setInt(1, Math.toIntExact(pid));
      statement.execute();
    }
  }

  String database() throws SQLException {
    return connection.getCatalog();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
