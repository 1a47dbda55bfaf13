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

/** Work on some rows of a table of which main writes others all the time. */
@Tag("postgres")
final class LandingOnABusyMainTest {

  private static final String BRANCH = "busy-landing";

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void fill() throws SQLException {
    onMain(
        "CREATE SCHEMA busy",
        "CREATE TABLE busy.stock (id int PRIMARY KEY, shelf text NOT NULL, price int NOT NULL,"
            + " on_hand int NOT NULL)",
        "INSERT INTO busy.stock SELECT i, 'shelf ' || i % 50, 100 + i, 1000 FROM"
            + " generate_series(1, 500) i",
        "CREATE TABLE busy.noted (id int PRIMARY KEY, stock int NOT NULL REFERENCES busy.stock, was"
            + " int NOT NULL)",
        "CREATE TABLE busy.arrived (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shelf text NOT"
            + " NULL)");
  }

  @AfterEach
  void remove() throws SQLException {
    product.delete(BRANCH);
    onMain("DROP SCHEMA busy CASCADE");
  }

  @Test
  void whatIsComputedOfRowsThatMainLeavesAloneLands() throws Exception {
    lands(
        "UPDATE busy.stock SET on_hand = on_hand - 1 WHERE id < 100",
        "UPDATE busy.stock SET price = price + 1 WHERE id BETWEEN 401 AND 410",
        "INSERT INTO busy.noted SELECT id, id, price - 1 FROM busy.stock WHERE id BETWEEN 401 AND"
            + " 410");
  }

  @Test
  void rowsThatAreFoundByAnotherColumnThanTheirKeyLand() throws Exception {
    lands(
        "WITH sold AS (UPDATE busy.stock SET on_hand = on_hand - 1, price = price + 1 WHERE shelf ="
            + " 'shelf 9' RETURNING id) INSERT INTO busy.stock SELECT 1000 + max(s.id), 'shelf 8',"
            + " 1, 1 FROM busy.stock s",
        "SELECT count(*) FROM busy.stock WHERE shelf = 'shelf 7'",
        "UPDATE busy.stock SET price = price * 2 WHERE shelf = 'shelf 7'");
  }

  @Test
  void rowsLandOfWhichMainWritesWhatTheyDoNotRead() throws Exception {
    lands(
        "UPDATE busy.stock SET on_hand = on_hand - 1",
        "SELECT sum(price) FROM busy.stock",
        "INSERT INTO busy.noted SELECT id, id, price FROM busy.stock WHERE price > 590");
  }

  @Test
  void rowsThatMainAddsElsewhereDoNotHoldACount() throws Exception {
    lands(
        "INSERT INTO busy.arrived (shelf) VALUES ('shelf 9')",
        "SELECT count(*) FROM busy.arrived WHERE shelf = 'shelf 7'",
        "INSERT INTO busy.arrived (shelf) VALUES ('shelf 7')");
  }

  @Test
  void rowsThatMainAddsToACountHoldIt() throws Exception {
    JsonNode promotion =
        promoteBeside(
            "INSERT INTO busy.arrived (shelf) VALUES ('shelf 7')",
            "SELECT count(*) FROM busy.arrived WHERE shelf = 'shelf 7'",
            "INSERT INTO busy.noted VALUES (1, 1, 1)");
    assertThat(promotion.get("outcome").asString()).as(promotion.toString()).isEqualTo("held");
  }

  @Test
  void rowsThatMainMovesInAndOutHoldWhatFoundThem() throws Exception {
    JsonNode promotion =
        promoteBeside(
            "UPDATE busy.stock SET shelf = CASE shelf WHEN 'shelf 7' THEN 'gone' ELSE 'shelf 7' END"
                + " WHERE id BETWEEN 1 AND 20 AND (id % 2 = 0 OR shelf <> 'gone')",
            "UPDATE busy.stock SET price = price * 2 WHERE shelf = 'shelf 7'");
    assertThat(promotion.get("outcome").asString()).as(promotion.toString()).isEqualTo("held");
  }

  private void lands(String writer, String... work) throws Exception {
    JsonNode promotion = promoteBeside(writer, work);
    assertThat(promotion.get("outcome").asString()).as(promotion.toString()).isEqualTo("landed");
    assertThat(promotion.get("doubted")).isEmpty();
  }

  private JsonNode promoteBeside(String writer, String... work) throws Exception {
    try (Connection branch = product.create(BRANCH, Product.Wish.now().thrownAway()).connect()) {
      for (String sql : work) {
        Sql.run(branch, sql);
      }
    }
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService writers = Executors.newSingleThreadExecutor()) {
      Future<Integer> written = writers.submit(() -> write(over, writer));
      JsonNode promotion;
      try {
        promotion = product.promote(BRANCH, false, List.of());
      } finally {
        over.set(true);
      }
      assertThat(written.get()).isGreaterThan(1);
      return promotion;
    }
  }

  private int write(AtomicBoolean over, String sql) throws SQLException {
    int written = 0;
    try (Connection main = product.main().connect()) {
      while (!over.get()) {
        Sql.run(main, sql);
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
