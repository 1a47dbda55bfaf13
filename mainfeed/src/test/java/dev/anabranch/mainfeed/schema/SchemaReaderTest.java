package dev.anabranch.mainfeed.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.Column;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of DDL moves the fingerprint of what it touches, and nothing else does. */
@Tag("postgres")
class SchemaReaderTest {

  private static final SchemaSnapshot.ColumnFacts NOTHING_KNOWN =
      new SchemaSnapshot.ColumnFacts(false, false, false, "");

  private static final TemporaryPostgres POSTGRES = TemporaryPostgres.shared();
  private static final String BEFORE = POSTGRES.freshDatabase();

  private final TemporaryPostgres postgres = POSTGRES;
  private String database = "";

  @BeforeAll
  static void define() {
    POSTGRES.executeIn(
        BEFORE,
        "DO $$ BEGIN IF to_regrole('reader') IS NULL THEN CREATE ROLE reader; END IF; END $$",
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE TABLE customers (id bigserial PRIMARY KEY, name text NOT NULL, mood mood)",
        "CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer bigint"
            + " REFERENCES customers, total numeric(10,2), twice numeric GENERATED ALWAYS AS (total"
            + " * 2) STORED, note text COLLATE \"C\")",
        "CREATE TABLE other (a int, b int NOT NULL, c int NOT NULL, UNIQUE (b) INCLUDE (a), UNIQUE"
            + " (c))",
        "CREATE VIEW big AS SELECT note, total FROM orders WHERE total > 100",
        "CREATE TABLE events (id int, at date) PARTITION BY RANGE (at)",
        "CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO"
            + " ('2027-01-01')",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE PUBLICATION anabranch_x FOR TABLE orders");
  }

  @BeforeEach
  void start() {
    database = postgres.copyOf(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE orders ADD COLUMN extra int",
        "ALTER TABLE orders ADD COLUMN extra int DEFAULT 5",
        "ALTER TABLE orders DROP COLUMN note CASCADE",
        "ALTER TABLE orders RENAME COLUMN note TO remark",
        "ALTER TABLE orders RENAME TO purchases",
        "ALTER TABLE orders ALTER COLUMN id TYPE bigint",
        "ALTER TABLE orders ALTER COLUMN total SET DEFAULT 7",
        "ALTER TABLE orders ALTER COLUMN total SET NOT NULL",
        "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE orders REPLICA IDENTITY FULL",
        "ALTER TABLE orders SET SCHEMA elsewhere",
        "ALTER TABLE orders SET (fillfactor = 70)",
        "ALTER TABLE orders OWNER TO reader",
        "ALTER TABLE orders DISABLE TRIGGER ALL",
        "GRANT SELECT ON orders TO reader",
        "GRANT SELECT (total) ON orders TO reader",
        "CREATE POLICY own ON orders USING (total > 1)",
        "CREATE UNIQUE INDEX ON orders (note)",
        "CREATE RULE quiet AS ON DELETE TO orders DO INSTEAD NOTHING",
        "CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION"
            + " suppress_redundant_updates_trigger()",
        "CREATE TABLE lines (id int, PRIMARY KEY (id)) INHERITS (orders)",
        "TRUNCATE orders",
        "VACUUM FULL orders",
        "ALTER PUBLICATION anabranch_x DROP TABLE orders",
        "ALTER PUBLICATION anabranch_x SET (publish = 'insert')",
        "CREATE TABLE refers (id int REFERENCES orders)"
      })
  void ddlMovesItsTablesFingerprint(String ddl) throws SQLException {
    execute("CREATE SCHEMA elsewhere");
    SchemaSnapshot before = read();
    execute(ddl);

    assertThat(changedRelations(before, read())).contains("orders");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TYPE mood ADD VALUE 'angry'",
        "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
        "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
        "CREATE FUNCTION lower(text, int) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "ALTER FUNCTION pg_catalog.lower(text) STABLE",
        "ALTER FUNCTION f() SET search_path = public",
        "CREATE DOMAIN even AS int CHECK (value % 2 = 0)",
        "CREATE COLLATION german (provider = icu, locale = 'de')",
        "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
        "CREATE CAST (mood AS int) WITH INOUT",
        "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int)",
        "CREATE TYPE pair AS (a int, b int)",
        "ALTER ROLE reader SET search_path = elsewhere",
        "DROP FUNCTION f()"
      })
  void otherDefinitionsMoveTheRoutinesFingerprint(String ddl) throws SQLException {
    SchemaSnapshot before = read();
    execute(ddl);

    assertThat(read().routinesFingerprint()).isNotEqualTo(before.routinesFingerprint());
  }

  @Test
  void workThatIsNoDdlMovesNothing() throws SQLException {
    SchemaSnapshot before = read();
    execute(
        "INSERT INTO customers (name) SELECT 'c' || g FROM generate_series(1, 1000) g",
        "INSERT INTO orders (customer, total) SELECT id, id FROM customers",
        "UPDATE orders SET total = total + 1",
        "DELETE FROM orders WHERE total > 500",
        "SELECT nextval('customers_id_seq')",
        "ANALYZE",
        "VACUUM",
        "VACUUM FREEZE",
        "CREATE INDEX ON orders (total)",
        "REINDEX TABLE other",
        "COMMENT ON TABLE orders IS 'what was bought'",
        "CREATE TABLE elsewhere_made (id int PRIMARY KEY)",
        "CREATE TEMP TABLE mine (id int)");
    SchemaSnapshot after = read();

    assertThat(changedRelations(before, after)).containsExactly("elsewhere_made");
    assertThat(after.routinesFingerprint()).isEqualTo(before.routinesFingerprint());
    assertThat(after.namesFingerprint()).containsAllEntriesOf(before.namesFingerprint());
  }

  /** What a role may see, and only what that role may see. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GRANT r_lead TO r_app",
        "GRANT r_owner TO r_app",
        "GRANT r_manager TO r_middle",
        "GRANT r_reader TO r_app",
        "REVOKE r_middle FROM r_app",
        "GRANT pg_read_all_data TO r_app",
        "ALTER ROLE r_app BYPASSRLS",
        "ALTER ROLE r_app SUPERUSER",
        "REVOKE USAGE ON SCHEMA hidden FROM r_app",
        "GRANT r_caller TO r_app",
        "ALTER ROLE r_owner BYPASSRLS",
        "ALTER ROLE r_definer BYPASSRLS",
        "ALTER ROLE r_app RENAME TO r_other"
      })
  void rightsOfARoleMoveWithWhatItMaySee(String sql) throws SQLException {
    rightsBase();
    SchemaSnapshot before = read();
    execute(ours(sql));

    assertThat(moved(before, read(), "r_app")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE ROLE r_new IN ROLE r_app",
        "GRANT r_lead TO r_bystander",
        "GRANT r_bystander TO r_app",
        "ALTER ROLE r_app PASSWORD 'another' CONNECTION LIMIT 3",
        "ALTER ROLE r_bystander BYPASSRLS",
        "CREATE SCHEMA added",
        "CREATE SCHEMA added AUTHORIZATION r_owner",
        "GRANT USAGE ON SCHEMA hidden TO r_bystander",
        "ALTER TABLE other OWNER TO r_bystander",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r_app"
      })
  void rightsOfARoleAreLeftAloneByWhatIsGivenToOthers(String sql) throws SQLException {
    rightsBase();
    SchemaSnapshot before = read();
    execute(ours(sql));

    assertThat(moved(before, read(), "r_app")).isEmpty();
    assertThat(moved(before, read(), "anabranch_client")).isEmpty();
  }

  @Test
  void rightsThatAreNotKnownAreNoOnesToTrust() throws SQLException {
    assertThat(Rights.UNKNOWN.moved(Set.of("postgres"), Set.of(), read().rights())).isPresent();
  }

  private Optional<String> moved(SchemaSnapshot before, SchemaSnapshot after, String role) {
    long guarded = relation(before, "guarded").shape().id().oid();
    return before.rights().moved(Set.of(ours(role)), Set.of(guarded), after.rights());
  }

  private void rightsBase() {
    for (String role :
        new String[] {
          "app", "lead", "manager", "owner", "middle", "bystander", "reader", "caller", "definer"
        }) {
      execute("CREATE ROLE " + ours("r_" + role));
    }
    execute(
        ours("GRANT r_middle TO r_app"),
        ours("GRANT r_manager TO r_lead"),
        "CREATE SCHEMA hidden",
        ours("GRANT USAGE ON SCHEMA hidden TO r_app"),
        "CREATE TABLE hidden.guarded (id int, seen int)",
        ours("CREATE POLICY p ON hidden.guarded TO r_manager USING (true)"),
        ours("CREATE POLICY q ON hidden.guarded TO r_middle USING (true)"),
        ours("GRANT SELECT (seen) ON hidden.guarded TO r_reader"),
        ours("ALTER TABLE hidden.guarded OWNER TO r_owner"),
        "REVOKE ALL ON FUNCTION f() FROM PUBLIC",
        ours("GRANT EXECUTE ON FUNCTION f() TO r_caller"),
        "CREATE FUNCTION d() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        ours("ALTER FUNCTION d() OWNER TO r_definer"));
  }

  /** Roles are the whole server's: each database of a test has its own. */
  private String ours(String sql) {
    return sql.replaceAll("\\br_", database + "_r_");
  }

  @Test
  void tablesThatSomebodyKeepsToHimselfAreReadAsWell() throws SQLException {
    SchemaSnapshot before = read();
    try (Connection alone = postgres.connect(database);
        Connection reader = postgres.connect(database)) {
      alone.setAutoCommit(false);
      alone
          .createStatement()
          .execute("LOCK TABLE customers, orders, other, big, events IN ACCESS EXCLUSIVE MODE");
      reader.createStatement().execute("SET lock_timeout = '2s'");

      assertThat(SchemaReader.read(reader, Lsn.ZERO).relations()).isEqualTo(before.relations());
    }
  }

  @Test
  void aViewFollowsItsDefinitionAndAPartitionTellsItsParent() throws SQLException {
    SchemaSnapshot before = read();
    execute("CREATE OR REPLACE VIEW big AS SELECT note, total FROM orders WHERE total > 200");
    assertThat(changedRelations(before, read())).containsExactly("big");

    before = read();
    execute("ALTER TABLE events DETACH PARTITION events_2026");
    assertThat(changedRelations(before, read())).contains("events", "events_2026");
  }

  @Test
  void aNewTableThatShadowsANameMovesThatName() throws SQLException {
    SchemaSnapshot before = read();
    execute("CREATE SCHEMA nearer", "CREATE TABLE nearer.orders (id int)");
    SchemaSnapshot after = read();

    assertThat(after.namesFingerprint().get("orders"))
        .isNotEqualTo(before.namesFingerprint().get("orders"));
    assertThat(after.namesFingerprint().get("customers"))
        .isEqualTo(before.namesFingerprint().get("customers"));
  }

  @Test
  void aRelationIsDescribed() throws SQLException {
    SchemaSnapshot snapshot = read();
    SchemaSnapshot.Relation orders = relation(snapshot, "orders");

    assertThat(orders.shape().columns())
        .extracting(Column::name)
        .containsExactly("id", "customer", "total", "note");
    assertThat(orders.shape().keyColumns()).extracting(Column::name).containsExactly("id");
    assertThat(orders.generatedColumns()).containsExactly(4);
    assertThat(orders.columnFacts().getOrDefault(1, NOTHING_KNOWN).ownedSequence())
        .isEqualTo("public.orders_id_seq");
    assertThat(orders.columnFacts().getOrDefault(1, NOTHING_KNOWN).notNull()).isTrue();
    assertThat(orders.columnFacts().getOrDefault(5, NOTHING_KNOWN).collationIsC()).isTrue();
    assertThat(
            relation(snapshot, "customers")
                .columnFacts()
                .getOrDefault(1, NOTHING_KNOWN)
                .ownedSequence())
        .isEqualTo("public.customers_id_seq");
    assertThat(relation(snapshot, "other").shape().keyColumns())
        .extracting(Column::name)
        .containsExactly("b");
    assertThat(relation(snapshot, "events").children())
        .containsExactly(relation(snapshot, "events_2026").shape().id());
    assertThat(relation(snapshot, "big").kind()).isEqualTo('v');
  }

  private void execute(String... statements) {
    postgres.executeIn(database, statements);
  }

  private SchemaSnapshot read() throws SQLException {
    try (Connection connection = postgres.connect(database)) {
      return SchemaReader.read(connection, Lsn.ZERO);
    }
  }

  private static SchemaSnapshot.Relation relation(SchemaSnapshot snapshot, String name) {
    return snapshot.relations().values().stream()
        .filter(relation -> relation.shape().name().equals(name))
        .findAny()
        .orElseThrow();
  }

  private static Set<String> changedRelations(SchemaSnapshot before, SchemaSnapshot after) {
    Set<String> changed = new TreeSet<>();
    Map<TableId, SchemaSnapshot.Relation> now = after.relations();
    before
        .relations()
        .forEach((id, relation) -> {
          SchemaSnapshot.Relation other = now.get(id);
          if (other == null || !other.fingerprint().equals(relation.fingerprint())) {
            changed.add(relation.shape().name());
          }
        });
    now.forEach((id, relation) -> {
      if (!before.relations().containsKey(id)) {
        changed.add(relation.shape().name());
      }
    });
    return changed;
  }
}
