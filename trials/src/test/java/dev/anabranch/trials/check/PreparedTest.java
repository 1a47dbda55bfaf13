package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Poll;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is done before anybody asks changes no verdict, and is in nobody's way. */
@Tag("postgres")
final class PreparedTest {

  private static final String BRANCH = "prepared";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void lay() throws SQLException {
    product
        .main()
        .run(
            "CREATE SCHEMA prepared",
            "CREATE TABLE prepared.t (id int PRIMARY KEY, v int)",
            "INSERT INTO prepared.t VALUES (1, 10), (2, 20)");
    product.create(BRANCH, Product.Wish.now());
  }

  @AfterEach
  void clean() throws SQLException {
    product.delete(BRANCH);
    product.main().run("DROP SCHEMA prepared CASCADE");
  }

  private double preparations() {
    return product.gauge("anabranch_check_prepare_seconds_count");
  }

  private void awaitPreparation(double before) {
    assertThat(Poll.until(Duration.ofMinutes(2), () -> preparations() > before)).isTrue();
  }

  @Test
  void aPreparedCheckSaysWhatMainIsWhenItIsAsked() throws SQLException {
    double atFirst = preparations();
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.texts(branch, "SELECT v FROM prepared.t WHERE id = 1");
      Sql.texts(branch, "SELECT sum(v) FROM prepared.t");
    }
    awaitPreparation(atFirst);
    double analysed = preparations();
    product.main().run("UPDATE prepared.t SET v = 21 WHERE id = 2");
    awaitPreparation(analysed);
    product.main().run("UPDATE prepared.t SET v = 22 WHERE id = 2");
    JsonNode answers = product.check(BRANCH).path("answers");
    assertThat(answers.get(0).path("verdict").asString()).isEqualTo("holds");
    assertThat(answers.get(1).path("verdict").asString()).isEqualTo("changed");
    assertThat(answers.get(1).path("now").toString()).contains("32");
  }

  @Test
  void aBranchThatIsPreparedCanBeSuspended() throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (int id = 0; id < 50; id++) {
        Sql.texts(branch, "SELECT v + " + id + " FROM prepared.t WHERE id = " + id);
      }
    }
    for (int turn = 0; turn < 5; turn++) {
      product.main().run("UPDATE prepared.t SET v = v + 1");
      product.suspend(BRANCH);
      assertThat(product.check(BRANCH).path("answers").size()).isEqualTo(50);
    }
  }
}
