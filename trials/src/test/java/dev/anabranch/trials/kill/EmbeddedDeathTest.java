package dev.anabranch.trials.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.PostgresProcess;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Postgres that came with the server dies: the server starts it again, and goes on. */
@Tag("postgres")
class EmbeddedDeathTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String QUESTION = "SELECT count(*) FROM accounts WHERE balance >= 0";

  private Path home;
  private ServerProcess server;

  @BeforeEach
  void start() throws IOException, SQLException {
    home = TemporaryPostgres.temporaryDirectory("anabranch-death-");
    Path data = Files.createDirectories(home.resolve("data"));
    Files.writeString(
        data.resolve("anabranch.properties"), "pool-hot = 0\npool-cold = 0\nhistory = 0\n");
    server = ServerProcess.start(data);
    Bank.open(server.product().main());
    server.product().create("alice", Product.Wish.now());
    assertThat(server.product().branch("alice").texts(QUESTION)).hasSize(1);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  @Test
  void ofTheControlDatabaseNothingIsForgotten() throws Exception {
    Address alice = server.product().branch("alice");
    die("control");
    await(() -> alice.texts(QUESTION).size() == 1);
    await(() -> server.product().answers("alice").size() == 2);
    assertThat(server.product().check("alice").path("answers")).hasSize(2);
  }

  @Test
  void ofMainTheFeedGoesOnWhereItWas() throws Exception {
    Address main = server.product().main();
    die("main");
    await(() -> main.texts(QUESTION).size() == 1);
    try (var connection = main.connect();
        var statement = connection.createStatement()) {
      statement.execute("UPDATE accounts SET balance = -1 WHERE id = 1");
    }
    await(() ->
        server
            .product()
            .check("alice")
            .path("answers")
            .path(0)
            .path("verdict")
            .asString()
            .equals("changed"));
  }

  private void die(String which) {
    List<PostgresProcess> running = PostgresProcess.below(server.data().resolve(which));
    assertThat(running).hasSize(1);
    running.getFirst().kill();
  }

  private interface Condition {
    boolean holds() throws SQLException;
  }

  /** Refusals are fine meanwhile. */
  private static void await(Condition condition) {
    assertThat(
            Poll.until(
                PATIENCE,
                () -> {
                  try {
                    return condition.holds();
                  } catch (SQLException | Product.Refused e) {
                    return false;
                  }
                }))
        .isTrue();
  }
}
