package dev.anabranch.bench.measure;

import dev.anabranch.bench.report.Machine;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A server on a new directory, which goes with it.
 *
 * @param home the directory
 * @param server the server
 * @param main its main
 * @param lent whether main was there before, and stays
 * @param machine what it runs on
 */
public record Ground(Path home, ServerProcess server, Address main, boolean lent, Machine machine)
    implements AutoCloseable {

  /**
   * No branches in store, which would be made while something else is measured, or be from before
   * main was filled; and an image stays the latest for as long as a benchmark may take.
   */
  private static final String SETTINGS =
      """
      pool-hot = 0
      pool-hot-ephemeral = 0
      pool-cold = 0
      freshness = 1d
      """;

  /** As the launcher starts it. */
  private static final List<String> JVM_OPTIONS = List.of("-XX:+UseParallelGC");

  /** Starts one with an embedded main below this directory. */
  public static Ground below(Path parent) throws IOException, SQLException {
    return below(parent, Optional.empty());
  }

  /**
   * Starts one below this directory.
   *
   * @param lent the URL of a main that is there already; empty for an embedded one
   */
  public static Ground below(Path parent, Optional<String> lent) throws IOException, SQLException {
    Path home = Files.createTempDirectory(Files.createDirectories(parent), "anabranch-bench-");
    // Postgres may run as another user, who has to pass through.
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path data = home.resolve("data");
    try {
      Storage.Sharing sharing =
          new Storage(DataLayout.of(data), SystemUser.choose(Optional.empty())).probe();
      Files.writeString(data.resolve("anabranch.properties"), SETTINGS);
      return of(home, lent, sharing, ServerProcess.start(data, lent, JVM_OPTIONS));
    } catch (RuntimeException | SQLException e) {
      Trees.delete(home);
      throw e;
    }
  }

  private static Ground of(
      Path home, Optional<String> lent, Storage.Sharing sharing, ServerProcess server)
      throws SQLException {
    try {
      Address main = lent.map(Address::parse).orElseGet(server.product()::main);
      String postgres = main.texts("SHOW server_version").getFirst();
      return new Ground(
          home,
          server,
          main,
          lent.isPresent(),
          Machine.here(sharing.filesystem(), sharing.shared(), postgres));
    } catch (RuntimeException | SQLException e) {
      server.close();
      throw e;
    }
  }

  public Product product() {
    return server.product();
  }

  @Override
  public void close() throws IOException {
    if (lent) {
      product().release(true);
    }
    server.close();
    Trees.delete(home);
  }
}
