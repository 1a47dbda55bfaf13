package dev.anabranch.testkit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.flywaydb.core.Flyway;

/**
 * An empty control database: every migration on the test's class path applied to a new database.
 * They are applied once for each server; what tests get are copies, which take a tenth of the time.
 */
public final class ControlDatabase {

  private static final int CONNECTIONS = 8;

  private static final Map<TemporaryPostgres, String> MIGRATED = new ConcurrentHashMap<>();

  private ControlDatabase() {}

  /** The caller closes the pool; the database goes with its server. */
  public static HikariDataSource fresh(TemporaryPostgres postgres) {
    String migrated = MIGRATED.computeIfAbsent(postgres, ControlDatabase::migrate);
    return pool(postgres, postgres.copyOf(migrated));
  }

  private static String migrate(TemporaryPostgres postgres) {
    String database = postgres.freshDatabase();
    try (HikariDataSource pool = pool(postgres, database)) {
      Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
    }
    return database;
  }

  private static HikariDataSource pool(TemporaryPostgres postgres, String database) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(postgres.jdbcUrl(database));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }
}
