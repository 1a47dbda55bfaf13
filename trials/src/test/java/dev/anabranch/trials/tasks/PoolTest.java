package dev.anabranch.trials.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Requests over a pool of connections, as web servers make them: each reads its order through one
 * connection and writes through whichever is free then.
 */
@Tag("postgres")
class PoolTest {

  private static final int CONNECTIONS = 10;
  private static final int REQUESTS = 200;
  private static final int AT_ONCE = 16;
  private static final int CHANGED = 117;

  private final Path home = TemporaryPostgres.temporaryDirectory("anabranch-pool-");
  private final ServerProcess server = ServerProcess.start(home.resolve("data"));

  @AfterEach
  void stop() throws IOException {
    server.close();
    Trees.delete(home);
  }

  @Test
  void aRequestIsHeldForItsOwnReadAloneWhenTracesTellThemApart() throws Exception {
    Product product = server.product();
    product
        .main()
        .run(
            "CREATE TABLE orders (id int PRIMARY KEY, status text)",
            "CREATE TABLE items (id int PRIMARY KEY, order_id int, qty int)",
            "INSERT INTO orders SELECT i, 'open' FROM generate_series(1, 400) i",
            "INSERT INTO items SELECT i, i, 1 FROM generate_series(1, 400) i");
    serve(product.create("traced", Product.Wish.now()), true);
    serve(product.create("unnamed", Product.Wish.now()), false);
    product.main().run("UPDATE orders SET status = 'void' WHERE id = " + CHANGED);

    JsonNode traced = product.promote("traced", true, List.of());
    assertThat(traced.get("units").get("held").asInt()).as(traced.toString()).isEqualTo(1);
    assertThat(traced.get("units").get("landed").asInt()).isEqualTo(REQUESTS - 1);
    assertThat(traced.get("facts").get(0).get("sentence").asString()).doesNotContain("window");

    JsonNode unnamed = product.promote("unnamed", true, List.of());
    assertThat(unnamed.get("units").get("held").asInt()).isGreaterThan(1);
    assertThat(unnamed.get("facts").get(0).get("sentence").asString())
        .contains("same window of work")
        .contains("name tasks");
  }

  private static void serve(Address branch, boolean traced) throws Exception {
    BlockingQueue<Connection> pool = new ArrayBlockingQueue<>(CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
      pool.add(branch.connect());
    }
    try (ExecutorService server = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Callable<Void>> requests = new ArrayList<>();
      for (int order = 1; order <= REQUESTS; order++) {
        String comment =
            traced ? String.format("/*traceparent='00-%032x-%016x-01'*/", order, 1) : "";
        int id = order;
        requests.add(() -> {
          query(pool, "SELECT status FROM orders WHERE id = " + id + " " + comment);
          query(pool, "UPDATE items SET qty = 9 WHERE order_id = " + id + " " + comment);
          return null;
        });
      }
      for (Future<Void> request : server.invokeAll(requests)) {
        request.get();
      }
    }
    for (Connection connection : pool) {
      connection.close();
    }
  }

  /** One statement through whichever connection is free. */
  private static void query(BlockingQueue<Connection> pool, String sql) throws Exception {
    Connection connection = pool.take();
    try {
      Sql.run(connection, sql);
    } finally {
      pool.add(connection);
    }
  }
}
