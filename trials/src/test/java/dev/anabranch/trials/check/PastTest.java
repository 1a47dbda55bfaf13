package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A branch of main's past is checked against all that main did since then, and promoted as any. */
@Tag("postgres")
class PastTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-past-");
  private ServerProcess server;
  private Product product;

  @BeforeEach
  void start() throws IOException, SQLException {
    Path data = Files.createDirectories(home.resolve("data"));
    Files.writeString(data.resolve("anabranch.properties"), "history = 1d\n");
    server = ServerProcess.start(data, Optional.empty(), List.of());
    product = server.product();
    onMain("CREATE TABLE stock (id int PRIMARY KEY, n int)");
    onMain("INSERT INTO stock VALUES (1, 10), (2, 20), (3, 30)");
    product.delete(made("watched", "now")); // from here on the table is watched
    Await.until(() -> !product.status().get("history").get("from").asString().isEmpty(), PATIENCE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  private String made(String name, String at) {
    product.create(
        name, new Product.Wish(Optional.of(at), Optional.empty(), Optional.empty(), false));
    return name;
  }

  private void onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, sql);
    }
  }

  private String fromMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      return String.valueOf(Sql.ask(main, sql).rows().getFirst().getFirst());
    }
  }

  @Test
  void everyChangeSinceThenCounts() throws SQLException {
    onMain("INSERT INTO stock VALUES (4, 40)");
    String then = fromMain("SELECT pg_current_wal_insert_lsn()");
    onMain("UPDATE stock SET n = 11 WHERE id = 1");
    onMain("DELETE FROM stock WHERE id = 4");
    try (Connection branch = product.branch(made("then", then)).connect()) {
      Sql.ask(branch, "/* changed */ SELECT n FROM stock WHERE id = 1");
      Sql.ask(branch, "/* same */ SELECT n FROM stock WHERE id = 2");
      Sql.ask(branch, "/* gone */ SELECT n FROM stock WHERE id = 4");
      Sql.run(branch, "UPDATE stock SET n = 31 WHERE id = 3");
    }

    JsonNode check = product.check("then");

    assertThat(Verdicts.of(check).answers())
        .extracting(Verdicts.Entry::label, Verdicts.Entry::verdict)
        .contains(tuple("changed", "changed"), tuple("same", "holds"), tuple("gone", "changed"));
    assertThat(check.get("answers").valueStream())
        .filteredOn(answer -> answer.get("sql").asString().contains("/* same */"))
        .as("the feed knew of what came before the branch was asked for")
        .extracting(answer -> answer.get("proof").asString())
        .containsExactly("predicate");
  }

  @Test
  void workOnThePastLands() throws SQLException {
    String then = fromMain("SELECT pg_current_wal_insert_lsn()");
    onMain("UPDATE stock SET n = 11 WHERE id = 1");
    try (Connection branch = product.branch(made("work", then)).connect()) {
      Sql.ask(branch, "SELECT n FROM stock WHERE id = 3");
      Sql.run(branch, "UPDATE stock SET n = 31 WHERE id = 3");
    }
    assertThat(product.promote("work", false, List.of()).get("outcome").asString())
        .isEqualTo("landed");
    assertThat(fromMain("SELECT string_agg(n::text, ' ' ORDER BY id) FROM stock"))
        .isEqualTo("11 20 31");
  }

  @Test
  void aMomentThatIsNotKeptIsRefusedInOneSentence() {
    String tomorrow = Instant.now().plus(Duration.ofDays(1)).toString();
    assertThatThrownBy(() -> made("tomorrow", tomorrow)).hasMessageContaining("it is only");
    assertThatThrownBy(() -> made("never", "0/1"))
        .hasMessageContaining("the history of main begins at");
    assertThat(product.branches()).isEmpty();
  }
}
