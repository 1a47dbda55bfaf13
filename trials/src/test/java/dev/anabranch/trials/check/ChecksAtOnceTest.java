package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Checks of one branch wait for each other, and for main's changes for as long as they are told.
 */
@Tag("postgres")
final class ChecksAtOnceTest {

  private static final String BRANCH = "at-once";
  private static final int CHECKS = 50;

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void branch() throws SQLException {
    onMain("CREATE TABLE at_once (id int PRIMARY KEY)");
    onMain("INSERT INTO at_once VALUES (1)");
    try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
      Sql.ask(branch, "SELECT count(*) FROM at_once");
      Sql.run(branch, "INSERT INTO at_once VALUES (2)");
    }
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    onMain("DROP TABLE at_once");
  }

  @Test
  void allAreAnsweredAndAPromotionAmongThem() throws Exception {
    List<Future<JsonNode>> checks = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CHECKS + 1)) {
      Future<JsonNode> promotion = callers.submit(() -> product.promote(BRANCH, true, List.of()));
      for (int i = 0; i < CHECKS; i++) {
        checks.add(callers.submit(() -> product.check(BRANCH)));
      }
      for (Future<JsonNode> check : checks) {
        assertThat(check.get().get("counts").get("holds").asInt()).isEqualTo(2);
      }
      assertThat(promotion.get().get("units").get("total").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aCheckThatIsToldHowLongToWaitSaysHowFarTheFeedIsBehind() throws Exception {
    long reader =
        Long.parseLong(
            main("SELECT active_pid FROM pg_replication_slots WHERE slot_type = 'logical'"));
    signal("STOP", reader);
    try {
      onMain("INSERT INTO at_once VALUES (3)");
      assertThatThrownBy(() -> product.check(BRANCH, "wait=1s"))
          .isInstanceOfSatisfying(
              Product.Refused.class, refused -> assertThat(refused.status()).isEqualTo(503))
          .hasMessageContaining("AB-502")
          .hasMessageMatching("(?s).*After 1 s main's changes are still read [0-9,]+ bytes.*");
    } finally {
      signal("CONT", reader);
    }
    assertThat(product.check(BRANCH, "wait=60s").get("counts").get("changed").asInt()).isEqualTo(1);
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private String main(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      return Sql.texts(main, sql).getFirst();
    }
  }

  private void onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, sql);
    }
  }
}
