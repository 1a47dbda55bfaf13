package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A view or a function that main redefined, while main writes all the time elsewhere. */
@Tag("postgres")
final class RedefinedOnABusyMainTest {

  private static final String BRANCH = "redefined-busy";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void branch() throws SQLException {
    onMain(
        "CREATE SCHEMA redefined",
        "CREATE TABLE redefined.t (id int PRIMARY KEY, n int, m int)",
        "INSERT INTO redefined.t VALUES (1, 1, 7), (2, 1, 8), (3, 2, 1)",
        "CREATE TABLE redefined.r (what text PRIMARY KEY)",
        "CREATE TABLE redefined.noise (id int PRIMARY KEY, n int)",
        "INSERT INTO redefined.noise VALUES (1, 1)",
        "CREATE VIEW redefined.v AS SELECT id, n FROM redefined.t WHERE n = 1",
        "CREATE FUNCTION redefined.f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT"
            + " count(*) FROM redefined.t WHERE n = 1); END $$");
    try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
      Sql.run(branch, "SET anabranch.task = 'view'");
      Sql.ask(branch, "SELECT count(*) FROM redefined.v");
      Sql.run(branch, "INSERT INTO redefined.r VALUES ('view')");
      Sql.run(branch, "SET anabranch.task = 'code'");
      Sql.ask(branch, "SELECT redefined.f()");
      Sql.run(branch, "INSERT INTO redefined.r VALUES ('code')");
    }
    onMain(
        "CREATE OR REPLACE VIEW redefined.v AS SELECT id, n FROM redefined.t WHERE m > 6",
        "CREATE OR REPLACE FUNCTION redefined.f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN"
            + " RETURN (SELECT count(*) FROM redefined.t WHERE m > 6); END $$");
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    onMain("DROP SCHEMA redefined CASCADE");
  }

  @Test
  void whatRestsOnItLands() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
      Future<Integer> written = writers.submit(() -> write(over));
      JsonNode promotion;
      try {
        promotion = product.promote(BRANCH, false, List.of());
      } finally {
        over.set(true);
      }
      assertThat(written.get()).isGreaterThan(1);
      assertThat(promotion.get("units").get("landed").asInt())
          .as(promotion.toString())
          .isEqualTo(2);
      assertThat(promotion.get("doubted")).isEmpty();
    }
  }

  @Test
  void whatItReadsNowHoldsItWhenThatChanges() throws SQLException {
    onMain("INSERT INTO redefined.t VALUES (4, 9, 9)");
    JsonNode promotion = product.promote(BRANCH, false, List.of());
    assertThat(promotion.get("units").get("landed").asInt()).as(promotion.toString()).isZero();
  }

  private int write(AtomicBoolean over) throws SQLException {
    int written = 0;
    try (Connection main = product.main().connect()) {
      while (!over.get()) {
        Sql.run(main, "UPDATE redefined.noise SET n = n + 1");
        written++;
      }
    }
    return written;
  }

  private void onMain(String... statements) throws SQLException {
    try (Connection main = product.main().connect()) {
      for (String sql : statements) {
        Sql.run(main, sql);
      }
    }
  }
}
