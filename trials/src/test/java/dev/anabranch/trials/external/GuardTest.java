package dev.anabranch.trials.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.cli.Cli;
import dev.anabranch.testkit.Await;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code main guard} prints, on a main whose published tables lose their keys. */
@Tag("postgres")
final class GuardTest {

  private static final String BRANCH = "guarded";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void tables() throws SQLException {
    onMain(
        "CREATE SCHEMA guarded",
        "CREATE TABLE guarded.s (id int PRIMARY KEY, v int)",
        "INSERT INTO guarded.s VALUES (1, 1)",
        "CREATE TABLE guarded.t (id int PRIMARY KEY, v int)",
        "INSERT INTO guarded.t VALUES (1, 1)",
        "CREATE TABLE guarded.g (id int PRIMARY KEY, v int, twice int GENERATED ALWAYS AS (v * 2)"
            + " STORED)");
    Await.until(
        "all are published",
        () ->
            ask("SELECT count(*) FROM pg_publication_tables WHERE schemaname = 'guarded'")
                .equals(List.of("3")),
        Duration.ofMinutes(1));
  }

  @AfterEach
  void remove() throws SQLException, IOException {
    onMain(read("guard-remove.sql"), "DROP SCHEMA guarded CASCADE");
  }

  @Test
  void withoutItAMigrationThatRemakesAKeyIsRefused() {
    assertThatThrownBy(this::remakeKey).hasMessageContaining("replica identity");
  }

  /** The figure of docs/production.md is what this prints. */
  @Test
  void withoutItUpdatesAreRefusedForAMomentAfterTheKeyIsGone() throws SQLException {
    int refused = 0;
    boolean last = true;
    try (Connection main = product.main().connect()) {
      Sql.run(main, "ALTER TABLE guarded.t DROP CONSTRAINT t_pkey");
      for (int i = 0; i < 250; i++) {
        last = false;
        try {
          Sql.run(main, "UPDATE guarded.t SET v = v + 1");
        } catch (SQLException e) {
          assertThat(e.getMessage()).contains("replica identity");
          refused++;
          last = true;
        }
        Sql.texts(main, "SELECT pg_sleep(0.02)");
      }
    }
    System.err.println(refused + " of 250 updates, 20 ms apart, were refused");
    assertThat(last).as("the last one was refused").isFalse();
  }

  @Test
  void withItNoUpdateIsRefusedAndEachIsKnown() throws SQLException, IOException {
    onMain(read("guard.sql"));
    try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
      Sql.ask(branch, "SELECT v FROM guarded.s");
      Sql.ask(branch, "SELECT v FROM guarded.t");
    }
    remakeKey();
    assertThat(identity("s")).containsExactly("d");
    onMain("ALTER TABLE guarded.t DROP CONSTRAINT t_pkey");
    for (int i = 0; i < 100; i++) {
      onMain("UPDATE guarded.t SET v = v + 1");
    }
    assertThat(identity("t")).containsExactly("f");
    onMain("ALTER TABLE guarded.t ADD PRIMARY KEY (id)", "UPDATE guarded.t SET v = v + 1");
    assertThat(product.check(BRANCH).get("counts").get("changed").asInt()).isEqualTo(2);
    product.delete(BRANCH);
  }

  @Test
  void whatItCanNotDoItLeavesUndone() throws SQLException, IOException {
    onMain(read("guard.sql"));
    onMain("ALTER TABLE guarded.g DROP CONSTRAINT g_pkey");
    assertThat(identity("g")).containsExactly("d");
    onMain(
        "CREATE FUNCTION guarded.no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF"
            + " current_query() NOT LIKE '%DROP%' OR (SELECT relreplident FROM pg_class WHERE oid ="
            + " 'guarded.t'::regclass) = 'f' THEN RAISE 'not here'; END IF; END $$",
        "CREATE EVENT TRIGGER a_no ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION"
            + " guarded.no()");
    onMain("ALTER TABLE guarded.t DROP CONSTRAINT t_pkey");
    assertThat(identity("t")).containsExactly("d");
    onMain("DROP EVENT TRIGGER a_no");
  }

  /** As migrations do it: one transaction. */
  private void remakeKey() throws SQLException {
    try (Connection main = product.main().connect()) {
      main.setAutoCommit(false);
      Sql.run(main, "ALTER TABLE guarded.s DROP CONSTRAINT s_pkey");
      Sql.run(main, "UPDATE guarded.s SET v = v + 1");
      Sql.run(main, "ALTER TABLE guarded.s ADD PRIMARY KEY (id)");
      main.commit();
    }
  }

  private List<String> identity(String table) {
    return ask("SELECT relreplident FROM pg_class WHERE oid = 'guarded." + table + "'::regclass");
  }

  private List<String> ask(String sql) {
    try (Connection main = product.main().connect()) {
      return Sql.texts(main, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void onMain(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      for (String sql : statements) {
        Sql.run(main, sql);
      }
    }
  }

  private static String read(String name) throws IOException {
    try (InputStream sql = Cli.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(sql).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
