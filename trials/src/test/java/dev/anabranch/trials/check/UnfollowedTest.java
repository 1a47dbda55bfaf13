package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What no feed tells of a table may happen between a check and the promotion that rests on it. */
@Tag("postgres")
final class UnfollowedTest {

  private static final String BRANCH = "unfollowed";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void layBase() throws SQLException {
    product
        .main()
        .run(
            "CREATE SCHEMA unfollowed",
            "CREATE TABLE unfollowed.note (line text)",
            "CREATE TABLE unfollowed.lazy (line text PRIMARY KEY DEFERRABLE)",
            "INSERT INTO unfollowed.note VALUES ('a')",
            "INSERT INTO unfollowed.lazy VALUES ('a')",
            "CREATE TABLE unfollowed.done (id int PRIMARY KEY)",
            "CREATE FUNCTION unfollowed.lines() RETURNS bigint LANGUAGE plpgsql AS $$BEGIN RETURN"
                + " (SELECT count(*) FROM unfollowed.note WHERE line <> 'z'); END$$");
  }

  @AfterEach
  void clean() throws SQLException {
    product.delete(BRANCH);
    product.main().run("DROP SCHEMA unfollowed CASCADE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM unfollowed.note WHERE line <> 'z'",
        "SELECT count(*) FROM unfollowed.lazy WHERE line <> 'z'",
        "SELECT unfollowed.lines()"
      })
  void whatMainWritesAfterTheCheckHoldsWhatRestsOnIt(String question) throws Exception {
    try (Connection branch = product.create(BRANCH, Product.Wish.now()).connect()) {
      Sql.texts(branch, question);
      Sql.run(branch, "INSERT INTO unfollowed.done VALUES (1)");
    }
    JsonNode held = whileMainWrites(() -> product.promote(BRANCH, false, List.of()));
    assertThat(held.path("outcome").asString()).as(held.toString()).isEqualTo("held");
    assertThat(held.path("facts").get(0).path("sentence").asString())
        .containsPattern("unfollowed.(note|lazy) are not followed");
    assertThat(product.main().texts("SELECT id FROM unfollowed.done")).isEmpty();

    JsonNode landed = product.promote(BRANCH, false, List.of());
    assertThat(landed.path("outcome").asString()).as(landed.toString()).isEqualTo("landed");
    assertThat(landed.path("doubted")).isEmpty();
  }

  /** What was asked for is the same all the while. */
  private JsonNode whileMainWrites(Callable<JsonNode> promotion) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService production = Executors.newSingleThreadExecutor();
        Connection main = product.main().connect()) {
      Future<?> writes =
          production.submit(() -> {
            while (!done.get()) {
              Sql.run(
                  main,
                  List.of(
                      "UPDATE unfollowed.note SET line = line",
                      "UPDATE unfollowed.lazy SET line = line"));
              begun.countDown();
            }
            return null;
          });
      begun.await();
      try {
        return promotion.call();
      } finally {
        done.set(true);
        writes.get();
      }
    }
  }
}
