package dev.anabranch.server;

import dev.anabranch.base.SessionDefaults;
import dev.anabranch.branch.mirror.MainAddress;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Main in the shape that a connection pool expects, with {@link SessionDefaults} from the first
 * packet on.
 */
record MainDataSource(MainAddress main) implements DataSource {

  @Override
  public Connection getConnection() throws SQLException {
    return SessionDefaults.connect(
        main.properties(), properties -> DriverManager.getConnection(main.jdbcUrl(), properties));
  }

  @Override
  public Connection getConnection(String otherUser, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("main is connected to as one user");
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
