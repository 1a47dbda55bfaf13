package dev.anabranch.trials.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A main that is released is as it was before Anabranch came, also when the release was cut off;
 * and no work is lost by it.
 */
@Tag("postgres")
class ReleaseTest {

  private static final String OURS =
      "SELECT slot_name FROM pg_replication_slots UNION ALL SELECT pubname FROM pg_publication";

  /** What somebody else's main consists of beside its rows. */
  private static final String CONFIGURATION =
      """
      SELECT concat_ws(' ', sourcefile, name, setting) FROM pg_file_settings
      UNION ALL SELECT concat_ws(' ', name, setting) FROM pg_settings WHERE context <> 'internal' AND source <> 'client'
      UNION ALL SELECT r::text FROM pg_roles r
      UNION ALL SELECT s::text FROM pg_db_role_setting s
      UNION ALL SELECT evtname FROM pg_event_trigger
      UNION ALL SELECT extname FROM pg_extension
      UNION ALL SELECT datname FROM pg_database
      UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
      UNION ALL SELECT concat_ws(' ', relname, relkind, relreplident, relowner) FROM pg_class WHERE oid >= 16384
      UNION ALL SELECT tgname FROM pg_trigger
      ORDER BY 1
      """;

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-release-");
  private final TemporaryPostgres main = TemporaryPostgres.start(Map.of());
  private final List<String> before;
  private ServerProcess server;

  ReleaseTest() {
    main.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total int)",
        "INSERT INTO orders SELECT g, g FROM generate_series(1, 10) g");
    before = main.query("postgres", CONFIGURATION);
    server =
        ServerProcess.start(home.resolve("data"), Optional.of(main.url("postgres")), List.of());
  }

  @BeforeEach
  void isThere() {
    assertThat(main.query("postgres", OURS))
        .hasSize(3)
        .allMatch(name -> name.contains("anabranch"));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    main.close();
    Trees.delete(home);
  }

  private Product product() {
    return server.product();
  }

  private void assertAsBefore() {
    assertThat(main.query("postgres", OURS)).isEmpty();
    assertThat(main.query("postgres", CONFIGURATION)).isEqualTo(before);
  }

  @Test
  void mainIsAsItWasAndWorkSurvivesEvenAForcedRelease() throws SQLException {
    Address branch = product().create("alice", Product.Wish.now());
    try (Connection alice = branch.connect()) {
      assertThat(Sql.texts(alice, "SELECT count(*) FROM orders")).containsExactly("10");
    }
    try (Connection bob = branch.connect()) {
      Sql.run(
          bob,
          List.of(
              "SET anabranch.task = 'bob''s own'", "UPDATE orders SET total = 100 WHERE id = 1"));
    }
    assertRefused(() -> product().release(false), "AB-205");
    assertThat(product().check("alice").path("counts").path("holds").asInt()).isEqualTo(2);

    JsonNode released = product().release(true);
    assertThat(released.path("slots").size()).isEqualTo(2);
    assertThat(released.path("publications").size()).isEqualTo(1);
    assertThat(released.path("keptBranches").toString()).isEqualTo("[\"alice\"]");
    assertThat(server.awaitOwnEnd()).isZero();
    assertAsBefore();

    main.execute("INSERT INTO orders VALUES (11, 11)");
    server.startAgain();
    JsonNode answer = product().check("alice").path("answers").get(0);
    assertThat(answer.path("verdict").asString()).isEqualTo("changed");
    assertThat(answer.path("now").toString()).isEqualTo("[[\"11\"]]");
    assertThat(product().promote("alice", false, List.of()).path("outcome").asString())
        .isEqualTo("landed");
    assertThat(main.query("postgres", "SELECT total FROM orders WHERE id = 1"))
        .containsExactly("100");
    product().delete("alice");
    product().release(false);
    assertThat(server.awaitOwnEnd()).isZero();
    assertThat(main.query("postgres", OURS)).isEmpty();
  }

  @Test
  void aReleaseThatFailedOrWasKilledHalfwayIsEndedByTheNext() throws SQLException {
    try (Connection held = main.connect()) {
      releaseHalfway(held);
      assertRefused(() -> product().create("late", Product.Wish.now()), "AB-206");
      held.rollback();
    }
    assertThat(product().release(false).path("publications").size()).isEqualTo(1);
    assertThat(server.awaitOwnEnd()).isZero();
    assertAsBefore();

    server.startAgain();
    isThere();
    try (Connection held = main.connect()) {
      releaseHalfway(held);
      server.kill();
      held.rollback();
    }
    server.startAgain();
    product().release(false);
    assertThat(server.awaitOwnEnd()).isZero();
    assertAsBefore();
  }

  /** The feed's slot goes, its publication can't, and the mirror's turn does not come. */
  private void releaseHalfway(Connection held) throws SQLException {
    held.setAutoCommit(false);
    try (Statement statement = held.createStatement()) {
      statement.execute("LOCK TABLE pg_catalog.pg_publication IN SHARE ROW EXCLUSIVE MODE");
    }
    assertRefused(() -> product().release(false), "AB-302");
    assertThat(main.query("postgres", OURS))
        .hasSize(2)
        .anyMatch(name -> name.contains("mirror"))
        .anyMatch(name -> !name.contains("mirror"));
  }

  private static void assertRefused(Runnable action, String code) {
    assertThatThrownBy(action::run).isInstanceOf(Product.Refused.class).hasMessageContaining(code);
  }
}
