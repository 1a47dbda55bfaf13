package dev.anabranch.trials.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A server that is told to stop lets transactions end first, and loses nothing that it said. */
@Tag("postgres")
class StopTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-stop-");
  private final ServerProcess server = ServerProcess.start(home.resolve("data"));

  @AfterEach
  void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  private static String refusal(Address branch) {
    try (Connection connection = branch.connect()) {
      return connection.isValid(10) ? "" : "not valid";
    } catch (SQLException e) {
      return String.valueOf(e.getSQLState());
    }
  }

  @Test
  void aTransactionUnderWayEndsBeforeTheServerDoes() throws Exception {
    server.restart(List.of("--drain=5m"));
    server.product().main().run("CREATE TABLE t (id int PRIMARY KEY)");
    Address branch = server.product().create("alice", Product.Wish.now());
    try (Connection idle = branch.connect();
        Connection busy = branch.connect()) {
      assertThat(idle.isValid(10)).isTrue();
      busy.setAutoCommit(false);
      Sql.run(busy, "INSERT INTO t VALUES (1)");

      server.beginStop();
      Await.until(() -> refusal(branch).equals("57P03"), PATIENCE);
      assertThatThrownBy(() -> Sql.run(idle, "SELECT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57P01"));
      Sql.run(busy, "INSERT INTO t VALUES (2)");
      assertThat(Sql.texts(busy, "SELECT count(*) FROM t")).containsExactly("2");
      busy.commit();
    }
    server.awaitOwnEnd();

    server.startAgain();
    assertThat(server.product().branch("alice").texts("SELECT id FROM t ORDER BY id"))
        .containsExactly("1", "2");
    JsonNode check = server.product().check("alice");
    assertThat(check.get("answers").findValuesAsString("sql"))
        .contains("SELECT count(*) FROM t", "SELECT id FROM t ORDER BY id");
    assertThat(check.get("counts").get("holds").asInt()).isEqualTo(check.get("answers").size());
    assertThat(server.product().promote("alice", false, List.of()).get("outcome").asString())
        .isEqualTo("landed");
  }
}
