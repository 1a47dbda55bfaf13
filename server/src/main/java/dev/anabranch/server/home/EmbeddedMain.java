package dev.anabranch.server.home;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.mirror.MainAddress;
import dev.anabranch.branch.storage.PasswordCipher;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * The main that comes with Anabranch. Its password and port are kept in the control database, so
 * that its URL stays the same over restarts.
 */
public final class EmbeddedMain implements AutoCloseable {

  /** Its one database of interest. */
  public static final String DATABASE = "app";

  private static final String SUPERUSER = "postgres";
  private static final int PASSWORD_BYTES = 18;

  private final Cluster cluster;
  private final String password;

  private EmbeddedMain(Cluster cluster, String password) {
    this.cluster = cluster;
    this.password = password;
  }

  /** What the control database keeps of it; no password when the key it was sealed with is lost. */
  private record Kept(Optional<String> password, int port) {
    @Override
    public String toString() {
      return "an embedded main on port " + port;
    }
  }

  /**
   * Starts it, or finds it running after this process's predecessor was killed.
   *
   * @param wantedPort 0 for any free one
   */
  public static EmbeddedMain start(
      EmbeddedClusters clusters, DataSource control, PasswordCipher seal, int wantedPort) {
    Jdbi jdbi = Jdbi.create(control);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
    Optional<Kept> kept = kept(jdbi, seal);
    if (kept.isEmpty() && Files.isDirectory(clusters.mainDirectory())) {
      throw new AnabranchException(
          ErrorCode.SETTINGS_INVALID,
          " "
              + clusters.mainDirectory()
              + " holds a main that this control database does not know: give the --control-url it"
              + " was made with, or another --data.");
    }
    int port = choosePort(clusters, kept, wantedPort);
    String password = kept.flatMap(Kept::password).orElseGet(EmbeddedMain::newPassword);
    keep(jdbi, seal.close(password), port);
    Cluster cluster = clusters.main(port);
    clusters.start(cluster, DATABASE, Optional.of(password));
    if (kept.isPresent() && kept.get().password().isEmpty()) {
      setPassword(cluster, password);
    }
    return new EmbeddedMain(cluster, password);
  }

  /** One that runs keeps its port; another keeps the port it had while that is free. */
  private static int choosePort(EmbeddedClusters clusters, Optional<Kept> kept, int wanted) {
    if (kept.isPresent() && (wanted == 0 || wanted == kept.get().port())) {
      Cluster before = clusters.main(kept.get().port());
      if (!(before.state() instanceof ClusterState.Stopped) || isFree(kept.get().port())) {
        return kept.get().port();
      }
    }
    kept.ifPresent(k -> clusters.main(k.port()).stop(StopMode.FAST));
    if (wanted != 0 && !isFree(wanted)) {
      throw new AnabranchException(ErrorCode.PORT_TAKEN, wanted, "--main-port");
    }
    return wanted != 0 ? wanted : freePort();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("looking for a free port", e);
    }
  }

  private static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void setPassword(Cluster cluster, String password) {
    try (Connection connection = cluster.connect(SUPERUSER, DATABASE);
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + SUPERUSER + " PASSWORD '" + password + "'");
    } catch (SQLException e) {
      throw new IllegalStateException("giving main a new password", e);
    }
  }

  private static Optional<Kept> kept(Jdbi jdbi, PasswordCipher seal) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT password, port FROM embedded_main")
            .map((row, context) -> new Kept(seal.open(row.getString(1)), row.getInt(2)))
            .findOne());
  }

  private static void keep(Jdbi jdbi, String sealedPassword, int port) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate(
                "INSERT INTO embedded_main (password, port) VALUES (:password, :port) ON CONFLICT"
                    + " (one) DO UPDATE SET password = excluded.password, port = excluded.port")
            .bind("password", sealedPassword)
            .bind("port", port)
            .execute());
  }

  /** For us: over its private socket. */
  public MainAddress main() {
    return new MainAddress(
        cluster.spec().sockets().toString(),
        cluster.spec().port(),
        DATABASE,
        SUPERUSER,
        Optional.empty(),
        "disable");
  }

  /** For people and programs: over TCP, as its superuser. */
  public String url() {
    return "postgresql://"
        + SUPERUSER
        + ":"
        + password
        + "@127.0.0.1:"
        + cluster.spec().port()
        + "/"
        + DATABASE;
  }

  /** Starts it again if it has died. */
  public void startIfDead() {
    EmbeddedClusters.startIfDead(cluster);
  }

  @Override
  public void close() {
    cluster.stop(StopMode.FAST);
  }
}
