package dev.anabranch.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.flywaydb.core.Flyway;

/**
 * An empty control database: every migration on the test's class path applied to a new database.
 */
public final class ControlDatabase {

  private static final int CONNECTIONS = 8;

  private ControlDatabase() {}

  /** The caller closes the pool; the database goes with its server. */
  public static HikariDataSource fresh(TemporaryPostgres postgres) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(postgres.jdbcUrl(postgres.freshDatabase()));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    HikariDataSource pool = new HikariDataSource(config);
    Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
    return pool;
  }
}
