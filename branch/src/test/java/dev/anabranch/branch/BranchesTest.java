package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchName;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BranchesTest {

  private static TemporaryPostgres main;
  private static Workshop workshop;

  @BeforeAll
  static void start() {
    main = TemporaryPostgres.start();
    main.execute("CREATE DATABASE shop");
    main.executeIn(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric)",
        "INSERT INTO orders SELECT g, g FROM generate_series(1, 1000) g");
    workshop = new Workshop(main, "shop").start();
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  @Test
  void aBranchIsMainAsItWasAndKeepsItsOwnWrites() throws SQLException {
    long started = System.nanoTime();
    workshop.create("first");
    System.err.println("create with cut ms " + (System.nanoTime() - started) / 1_000_000);
    started = System.nanoTime();
    workshop.create("second");
    System.err.println("create ms " + (System.nanoTime() - started) / 1_000_000);
    main.executeIn("shop", "DELETE FROM orders WHERE id <= 10");
    assertThat(workshop.ask("first", "SELECT count(*) FROM orders")).containsExactly("1000");
    workshop.ask("first", "UPDATE orders SET total = 0 WHERE id = 20");
    assertThat(workshop.ask("first", "SELECT total FROM orders WHERE id = 20")).containsExactly("0");
    assertThat(workshop.ask("second", "SELECT total FROM orders WHERE id = 20")).containsExactly("20");
    assertThat(main.query("shop", "SELECT total FROM orders WHERE id = 20")).containsExactly("20");
    workshop.branches.delete(new BranchName("first"));
    workshop.branches.delete(new BranchName("second"));
  }
}
