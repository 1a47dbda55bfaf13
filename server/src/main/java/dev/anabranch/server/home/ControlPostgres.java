package dev.anabranch.server.home;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.SessionDefaults;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The control database, embedded or elsewhere: Anabranch's only memory, migrated to this version's
 * schema.
 */
public final class ControlPostgres implements AutoCloseable {

  private static final String DATABASE = "anabranch";
  private static final int CONNECTIONS = 24;
  private static final int IDLE_CONNECTIONS = 2;
  private static final long CONNECTION_PATIENCE_MILLIS = 10_000;

  private final Optional<Cluster> embedded;
  private final HikariDataSource pool;

  private ControlPostgres(Optional<Cluster> embedded, HikariDataSource pool) {
    this.embedded = embedded;
    this.pool = pool;
  }

  /** Starts, or finds running, the embedded one. */
  public static ControlPostgres embedded(EmbeddedClusters clusters) {
    Cluster cluster = clusters.control();
    clusters.start(cluster, DATABASE);
    HikariConfig config = poolConfig();
    config.setDataSource(cluster.dataSource("postgres", DATABASE));
    return open(Optional.of(cluster), config);
  }

  /**
   * Opens one elsewhere.
   *
   * @throws AnabranchException CONTROL_UNREACHABLE
   */
  public static ControlPostgres elsewhere(MainAddress url) {
    HikariConfig config = poolConfig();
    config.setJdbcUrl(url.jdbcUrl());
    config.setDataSourceProperties(url.properties());
    return open(Optional.empty(), config);
  }

  private static HikariConfig poolConfig() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("control");
    config.setConnectionInitSql(SessionDefaults.COMPLETING);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(IDLE_CONNECTIONS);
    config.setConnectionTimeout(CONNECTION_PATIENCE_MILLIS);
    return config;
  }

  private static ControlPostgres open(Optional<Cluster> embedded, HikariConfig config) {
    try {
      HikariDataSource pool = new HikariDataSource(config);
      ControlPostgres control = new ControlPostgres(embedded, pool);
      Flyway.configure().dataSource(pool).locations("classpath:db/migration").load().migrate();
      return control;
    } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
      throw new AnabranchException(
          ErrorCode.CONTROL_UNREACHABLE, e, String.valueOf(e.getMessage()));
    }
  }

  public DataSource dataSource() {
    return pool;
  }

  /** Starts the embedded one again if it has died. */
  public void startIfDead() {
    embedded.ifPresent(EmbeddedClusters::startIfDead);
  }

  @Override
  public void close() {
    pool.close();
    embedded.ifPresent(cluster -> cluster.stop(StopMode.FAST));
  }
}
