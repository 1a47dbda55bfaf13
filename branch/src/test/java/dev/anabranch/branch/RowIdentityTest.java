package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.branch.golden.Roles;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a client may write on a branch is written and found in its log, also where Postgres 18 can't
 * log whole old rows; what could not be found again is refused.
 */
@Tag("postgres")
class RowIdentityTest {

  private static final String VIRTUAL = ", net int, gross int GENERATED ALWAYS AS (net * 2)";

  private static TemporaryPostgres main;
  private static Workshop workshop;

  @BeforeAll
  static void start() throws SQLException {
    main = TemporaryPostgres.start();
    main.execute(
        "CREATE TABLE by_key (id int PRIMARY KEY" + VIRTUAL + ")",
        "ALTER TABLE by_key REPLICA IDENTITY FULL",
        "CREATE TABLE by_index (code text NOT NULL UNIQUE" + VIRTUAL + ")",
        "CREATE TABLE put_off (id int PRIMARY KEY DEFERRABLE, code text NOT NULL UNIQUE"
            + VIRTUAL
            + ")",
        "CREATE TABLE keyless (code text" + VIRTUAL + ")",
        "CREATE TABLE parted (id int PRIMARY KEY" + VIRTUAL + ") PARTITION BY RANGE (id)",
        "CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE stored (id int, net int, gross int GENERATED ALWAYS AS (net * 2) STORED)",
        "CREATE TABLE plain (id int)",
        "INSERT INTO by_key VALUES (1, 10), (2, 20)",
        "INSERT INTO by_index VALUES ('a', 10), ('b', 20)",
        "INSERT INTO put_off VALUES (1, 'a', 10), (2, 'b', 20)",
        "INSERT INTO keyless VALUES ('a', 10)",
        "INSERT INTO parted VALUES (1, 10), (2, 20)",
        "INSERT INTO stored VALUES (1, 10)");
    workshop = new Workshop(main, "postgres").start();
    workshop.create("alice");
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  @Test
  void tablesOfMainThatHaveAKeyAreWritten() throws SQLException {
    for (String table : List.of("by_key", "parted")) {
      ask("INSERT INTO " + table + " VALUES (3, 30)");
      ask("UPDATE " + table + " SET net = 11 WHERE id = 1");
      ask("UPDATE " + table + " SET id = 4 WHERE id = 3");
      ask("DELETE FROM " + table + " WHERE id = 2");
      assertThat(ask("SELECT id || ':' || gross FROM " + table + " ORDER BY id"))
          .containsExactly("1:22", "4:60");
    }
    ask("UPDATE by_index SET net = 11 WHERE code = 'a'");
    ask("DELETE FROM by_index WHERE code = 'b'");
    ask("UPDATE put_off SET net = 11 WHERE id = 1");
    ask("DELETE FROM put_off WHERE id = 2");
    ask("UPDATE stored SET net = 11");
    assertThat(written("by_key")).isEqualTo("IUUD");
    assertThat(written("parted_low")).isEqualTo("IUUD");
    assertThat(written("by_index")).isEqualTo("UD");
    assertThat(written("put_off")).isEqualTo("UD");
    assertThat(written("stored")).isEqualTo("U");
    assertThat(identities("by_key", "by_index", "put_off", "parted_low", "stored", "plain"))
        .containsExactly("d", "i", "i", "d", "f", "f");
  }

  @Test
  void withoutAKeyRowsAreInsertedAndOthersRefusedUntilThereIsOne() throws SQLException {
    ask("INSERT INTO keyless VALUES ('b', 20)");
    assertThatThrownBy(() -> ask("UPDATE keyless SET net = 11 WHERE code = 'a'"))
        .hasMessageContaining("does not have a replica identity");
    assertThatThrownBy(() -> ask("DELETE FROM keyless WHERE code = 'a'"))
        .hasMessageContaining("does not have a replica identity");
    ask("ALTER TABLE keyless ADD PRIMARY KEY (code)");
    ask("UPDATE keyless SET net = 11 WHERE code = 'a'");
    assertThat(written("keyless")).isEqualTo("IU");
  }

  @Test
  void itFollowsWhatTheClientDefines() throws SQLException {
    ask("CREATE TABLE made (id int, net int)");
    assertThat(identities("made")).containsExactly("f");
    ask("ALTER TABLE made ADD COLUMN gross int GENERATED ALWAYS AS (net * 2)");
    assertThat(identities("made")).containsExactly("n");
    ask("ALTER TABLE made ALTER COLUMN id SET NOT NULL");
    ask("CREATE UNIQUE INDEX CONCURRENTLY made_id ON made (id)");
    assertThat(identities("made")).containsExactly("i");
    ask("ALTER TABLE made REPLICA IDENTITY FULL");
    assertThat(identities("made")).containsExactly("i");
    ask("ALTER TABLE made ADD PRIMARY KEY (id)");
    ask("ALTER TABLE made ALTER COLUMN id SET DATA TYPE bigint");
    ask("INSERT INTO made VALUES (1, 10)");
    ask("UPDATE made SET net = 11");
    assertThat(identities("made")).containsExactly("d");
    ask("DROP INDEX made_id");
    ask("ALTER TABLE made DROP CONSTRAINT made_pkey");
    assertThat(identities("made")).containsExactly("n");
    ask("ALTER TABLE made DROP COLUMN gross");
    assertThat(identities("made")).containsExactly("f");
    ask("ALTER TABLE plain REPLICA IDENTITY NOTHING");
    ask("CREATE SCHEMA inner_one CREATE TABLE within (id int)");
    assertThat(identities("plain", "inner_one.within")).containsExactly("f", "f");
  }

  @Test
  void aColumnForManyChildrenAtOnceReachesThemAll() throws SQLException {
    ask("CREATE TABLE many (id int PRIMARY KEY, net int) PARTITION BY RANGE (id)");
    String children =
        "DO $$ BEGIN FOR i IN 0..299 LOOP EXECUTE format('CREATE TABLE many_%s PARTITION OF many"
            + " FOR VALUES FROM (%s) TO (%s)', i, i, i + 1); END LOOP; END $$";
    ask(children);
    ask("ALTER TABLE many ADD COLUMN gross int GENERATED ALWAYS AS (net * 2)");
    ask("INSERT INTO many SELECT g, g FROM generate_series(0, 299) g");
    ask("UPDATE many SET net = net + 1");
    assertThat(
            identities(IntStream.range(0, 300).mapToObj(i -> "many_" + i).toArray(String[]::new)))
        .containsOnly("d");
  }

  private static List<String> ask(String sql) throws SQLException {
    return workshop.ask("alice", sql);
  }

  private static List<String> owner(String sql) throws SQLException {
    try (Connection connection = workshop.connectAsOwner("alice")) {
      return Workshop.ask(connection, sql);
    }
  }

  private static List<String> identities(String... tables) throws SQLException {
    return owner(
        "SELECT relreplident FROM unnest('{"
            + String.join(",", tables)
            + "}'::regclass[]) WITH ORDINALITY t (oid, place) JOIN pg_class USING (oid) ORDER BY"
            + " place");
  }

  /** The kinds of changes of a table in the branch's log: I, U, D. */
  private static String written(String table) throws SQLException {
    return String.join(
        "",
        owner(
            "SELECT chr(get_byte(data, 0)) FROM pg_logical_slot_peek_binary_changes('"
                + Roles.CAPTURE
                + "', NULL, NULL, 'proto_version', '1', 'publication_names', '"
                + Roles.CAPTURE
                + "') WHERE chr(get_byte(data, 0)) IN ('I', 'U', 'D') AND substring(data, 2, 4) ="
                + " int4send('"
                + table
                + "'::regclass::oid::int)"));
  }
}
