package dev.anabranch.trials.web;

import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Commits on main, as production has them all the time. Postgres leaves the last piece of a quiet
 * main's log unflushed for some seconds, and a check waits for it.
 */
final class Pulse implements AutoCloseable {

  private static final long PERIOD_MILLIS = 200;

  private final Product product;
  private final Connection main;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  private Pulse(Product product, Connection main) {
    this.product = product;
    this.main = main;
  }

  static Pulse of(Product product) throws SQLException {
    product.main().run("CREATE TABLE pulse (n int)", "INSERT INTO pulse VALUES (0)");
    Pulse pulse = new Pulse(product, product.main().connect());
    var _ =
        pulse.timer.scheduleAtFixedRate(
            pulse::beat, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    return pulse;
  }

  private void beat() {
    try {
      Sql.run(main, "UPDATE pulse SET n = n + 1");
    } catch (SQLException e) {
      throw new IllegalStateException("main has no pulse", e);
    }
  }

  @Override
  public void close() throws SQLException {
    timer.close();
    main.close();
    product.main().run("DROP TABLE pulse");
  }
}
