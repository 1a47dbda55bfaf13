package dev.anabranch.branch.golden;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.mirror.MainFacts;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.ClusterSpec;
import dev.anabranch.cluster.Installations;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * A private copy of main at one position, for reading it and for asking things again. Nothing done
 * here lasts: closing stops it and removes it. The image that it was cloned from is kept while it
 * is open; a copy of main as it is now needs none.
 */
public final class Scratch implements AutoCloseable {

  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration RECOVERY_PATIENCE = Duration.ofMinutes(10);
  private static final int NAME_LENGTH = 8;

  private final Cluster cluster;
  private final Storage storage;
  private final Lsn lsn;
  private final String database;
  private final Runnable letGo;

  private Scratch(Cluster cluster, Storage storage, Lsn lsn, String database, Runnable letGo) {
    this.cluster = cluster;
    this.storage = storage;
    this.lsn = lsn;
    this.database = database;
    this.letGo = letGo;
  }

  /** Looks at a copy that is still main in all. */
  public interface Look<T> {
    T at(Connection connection, Lsn position) throws SQLException;
  }

  /** A copy, and what was seen before it was made safe. */
  public record Seen<T>(Scratch copy, T sight) {}

  /** Makes scratch copies. */
  public record Factory(
      GoldenImages images, Installations installations, DataLayout home, Storage storage) {

    /** A running clone of the image of this fork point. */
    public Scratch open(Lsn forkLsn) {
      GoldenImages.Pin pin = images.pin(new BranchPoint.AtLsn(forkLsn));
      GoldenImage image = pin.image();
      Cluster cluster = cluster(image.major(), BranchSettings.of(image, false));
      Scratch scratch = new Scratch(cluster, storage, forkLsn, image.database(), pin::close);
      try {
        storage.copy(images.data(image), cluster.spec().data(), DataDirectory.withSlots());
        cluster.start(START_PATIENCE);
        return scratch;
      } catch (RuntimeException e) {
        scratch.close();
        throw e;
      }
    }

    /**
     * A running copy of main, in which is what was acknowledged before this call, and whose client
     * may do what a branch's may. No image is made of it.
     *
     * @param look at main itself, before anything is changed
     */
    public <T> Seen<T> openMain(Look<T> look) {
      MirrorCopies copies = images.copies();
      MainFacts facts = copies.mirror().facts();
      Cluster cluster =
          cluster(
              facts.major(),
              MirrorCopies.settingsOfCopy(facts, MirrorCopies.settingsOfMain(facts)));
      String database = copies.mirror().main().database();
      try {
        Lsn position = copies.copyNow(cluster.spec().data(), Urgency.SOMEBODY_WAITS);
        cluster.forgetForeignSettings();
        cluster.start(RECOVERY_PATIENCE);
        T sight = lookAt(cluster, facts.bootstrapSuperuser(), database, position, look);
        new Preparation(cluster, facts.bootstrapSuperuser(), database, images.network())
            .ofAScratchCopy();
        return new Seen<>(new Scratch(cluster, storage, position, database, () -> {}), sight);
      } catch (SQLException e) {
        remove(cluster, storage);
        throw new AnabranchException(
            ErrorCode.POSTGRES_FAILED,
            e,
            "preparing a copy of main",
            String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        remove(cluster, storage);
        throw e;
      }
    }

    private static <T> T lookAt(
        Cluster cluster, String superuser, String database, Lsn position, Look<T> look)
        throws SQLException {
      try (Connection connection = cluster.connect(superuser, database)) {
        EndOfRecovery.require(connection, position);
        return look.at(connection, position);
      }
    }

    private Cluster cluster(int major, Map<String, String> settings) {
      String name = UUID.randomUUID().toString().substring(0, NAME_LENGTH);
      Path directory = home.scratch().resolve(name);
      ClusterSpec spec =
          new ClusterSpec(
              directory.resolve("data"),
              home.socketsOf("scratch-" + name),
              OptionalInt.empty(),
              settings,
              List.of("local all all trust"),
              directory.resolve("postgres.log"),
              images.network());
      return new Cluster(installations.forMajor(major), storage.user(), spec);
    }

    /** Removes what a crash left: no scratch clone outlives the process that made it. */
    public void recover() {
      for (Path data : Leftovers.dataDirectories(home.scratch())) {
        ClusterSpec spec =
            new ClusterSpec(
                data,
                home.socketsOf("scratch"),
                OptionalInt.empty(),
                Map.of(),
                List.of(),
                data.resolveSibling("postgres.log"));
        new Cluster(installations.embedded(), storage.user(), spec).stop(StopMode.IMMEDIATE);
      }
      storage.deleteAllBut(home.scratch(), Set.of());
      Leftovers.removeSockets(home, storage, "scratch-");
    }
  }

  /** Every commit of main that ends at or below it is inside, none above. */
  public Lsn lsn() {
    return lsn;
  }

  public String database() {
    return database;
  }

  /** A superuser's connection; the caller closes it. */
  public Connection connect() {
    return connect(Roles.OWNER);
  }

  /** A connection as one of its roles. */
  public Connection connect(String role) {
    return cluster.connect(role, database);
  }

  @Override
  public void close() {
    try {
      remove(cluster, storage);
    } finally {
      letGo.run();
    }
  }

  private static void remove(Cluster cluster, Storage storage) {
    cluster.stop(StopMode.IMMEDIATE);
    Path directory = cluster.spec().data().getParent();
    if (directory != null) {
      storage.delete(directory);
    }
    storage.delete(cluster.spec().sockets());
  }
}
