package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.Home;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Installations;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * A private clone of a golden image, for reading it and for asking things again. Nothing done here
 * lasts: closing stops it and removes it. Its image is kept while it is open.
 */
public final class Scratch implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final int NAME_LENGTH = 8;

  private final GoldenImages.Pin pin;
  private final Cluster cluster;
  private final Storage storage;

  private Scratch(GoldenImages.Pin pin, Cluster cluster, Storage storage) {
    this.pin = pin;
    this.cluster = cluster;
    this.storage = storage;
  }

  /** Makes scratch clones. */
  public record Factory(
      GoldenImages images, Installations installations, Home home, Storage storage) {

    /** A running clone of the image of this fork point. */
    public Scratch open(Lsn forkLsn) {
      return open(images.pin(new dev.anabranch.branch.BranchPoint.AtLsn(forkLsn)));
    }

    /** A running clone of this image. The pin is closed with it. */
    public Scratch open(GoldenImages.Pin pin) {
      String name = UUID.randomUUID().toString().substring(0, NAME_LENGTH);
      Path directory = home.scratch().resolve(name);
      ClusterSpec spec =
          new ClusterSpec(
              directory.resolve("data"),
              home.socketsOf("scratch-" + name),
              OptionalInt.empty(),
              BranchSettings.of(pin.image(), false),
              List.of("local all all trust"),
              directory.resolve("postgres.log"),
              images.network());
      Cluster cluster =
          new Cluster(installations.forMajor(pin.image().major()), storage.user(), spec);
      Scratch scratch = new Scratch(pin, cluster, storage);
      try {
        storage.copy(images.data(pin.image()), spec.data(), DataDirectory.withSlots());
        cluster.start(START_PATIENCE);
        return scratch;
      } catch (RuntimeException e) {
        scratch.close();
        throw e;
      }
    }

    /** Removes what a crash left: no scratch clone outlives the process that made it. */
    public void recover() {
      for (Path data : Leftovers.dataDirectories(home.scratch())) {
        ClusterSpec spec =
            new ClusterSpec(
                data,
                home.socketsOf("scratch"),
                OptionalInt.empty(),
                java.util.Map.of(),
                List.of(),
                data.resolveSibling("postgres.log"));
        new Cluster(installations.embedded(), storage.user(), spec).stop(StopMode.IMMEDIATE);
      }
      storage.deleteAllBut(home.scratch(), Set.of());
      Leftovers.removeSockets(home, storage, "scratch-");
    }
  }

  /** The fork point of what it was cloned from. */
  public Lsn lsn() {
    return pin.image().forkLsn();
  }

  public String database() {
    return pin.image().database();
  }

  /** A superuser's connection; the caller closes it. */
  public Connection connect() {
    return connect(Roles.OWNER);
  }

  /** A connection as one of its roles. */
  public Connection connect(String role) {
    return cluster.connect(role, database());
  }

  @Override
  public void close() {
    try {
      cluster.stop(StopMode.IMMEDIATE);
      Path directory = cluster.spec().data().getParent();
      if (directory != null) {
        storage.delete(directory);
      }
      storage.delete(cluster.spec().sockets());
    } finally {
      pin.close();
    }
  }
}
