package dev.anabranch.testkit;

import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A data directory as initdb leaves it, made once for each installation and JVM: a copy takes a
 * tenth of the time. All copies have one system identifier, so no test may tell two servers apart
 * by it.
 */
final class InitialisedCopy {

  private static final Map<Path, InitialisedCopy> MADE = new ConcurrentHashMap<>();

  private final Path data;

  private InitialisedCopy(Path data) {
    this.data = data;
  }

  static InitialisedCopy of(Installation installation, SystemUser user) {
    return MADE.computeIfAbsent(installation.bin(), _ -> make(installation, user));
  }

  private static InitialisedCopy make(Installation installation, SystemUser user) {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-initdb-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(home), "remove " + home));
    ClusterSpec spec =
        new ClusterSpec(
            home.resolve("data"),
            home.resolve("run"),
            OptionalInt.empty(),
            Map.of("fsync", "off"),
            List.of(),
            home.resolve("postgres.log"));
    new Cluster(installation, user, spec).initialise(Optional.empty());
    return new InitialisedCopy(spec.data());
  }

  /** Owners and rights are as in the original. */
  void into(Path target) {
    try {
      Process copying =
          new ProcessBuilder("cp", "-a", data.toString(), target.toString()).inheritIO().start();
      if (copying.waitFor() != 0) {
        throw new IllegalStateException("copying " + data + " to " + target + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("copying " + data + " to " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("copying " + data + " was interrupted", e);
    }
  }

  private static void remove(Path home) {
    try {
      Trees.delete(home);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + home, e);
    }
  }
}
