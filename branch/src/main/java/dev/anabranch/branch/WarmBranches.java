package dev.anabranch.branch;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.GoldenImages.Pin;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.pool.WarmBranch;
import dev.anabranch.branch.pool.WarmBranchSource;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Cluster;
import dev.anabranch.cluster.ClusterState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Spares as rows of the control database and clusters on the disk. */
final class WarmBranches implements WarmBranchSource {

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final OrphanRemoval orphans;
  private final InstantSource clock;

  WarmBranches(
      GoldenImages images,
      BranchStore store,
      BranchClusters clusters,
      OrphanRemoval orphans,
      InstantSource clock) {
    this.images = images;
    this.store = store;
    this.clusters = clusters;
    this.orphans = orphans;
    this.clock = clock;
  }

  @Override
  public List<WarmBranch> hot() {
    return found(true);
  }

  @Override
  public List<WarmBranch> cold() {
    return found(false);
  }

  private List<WarmBranch> found(boolean running) {
    List<WarmBranch> found = new ArrayList<>();
    for (WarmBranch spare : store.spares(images.list())) {
      if (cluster(spare).state() instanceof ClusterState.Ready == running) {
        found.add(spare);
      }
    }
    return found;
  }

  @Override
  public WarmBranch copy(GoldenImage image, boolean ephemeral) {
    try (Pin pin = images.pin(new BranchPoint.AtLsn(image.forkLsn()))) {
      String password = Passwords.fresh();
      BranchId id = store.beginSpare(pin.image().id(), password, ephemeral, clock.instant());
      WarmBranch spare = new WarmBranch(id, pin.image(), ephemeral, password);
      try {
        clusters.copyInto(cluster(spare), images.data(pin.image()));
        return spare;
      } catch (RuntimeException e) {
        discard(spare);
        throw e;
      }
    }
  }

  @Override
  public WarmBranch start(WarmBranch copied, boolean ephemeral) {
    WarmBranch spare = new WarmBranch(copied.id(), copied.image(), ephemeral, copied.password());
    try {
      cluster(spare).start(BranchClusters.START_PATIENCE);
      return spare;
    } catch (RuntimeException e) {
      discard(spare);
      throw e;
    }
  }

  @Override
  public void shelveHot(WarmBranch started) {
    try (Connection connection =
            cluster(started).connect(Roles.CLIENT, started.image().database());
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT count(*) FROM pg_class");
      store.shelve(started.id(), Branch.State.HOT, started.ephemeral());
    } catch (SQLException | RuntimeException e) {
      discard(started);
      throw BranchClusters.failure("warming a spare branch", e);
    }
  }

  @Override
  public void shelveCold(WarmBranch copied) {
    store.shelve(copied.id(), Branch.State.COLD, copied.ephemeral());
  }

  @Override
  public void discard(WarmBranch spare) {
    orphans.remove(spare.id());
    images.dropUnused();
  }

  @Override
  public GoldenImage refresh() {
    return images.cut(Urgency.NOBODY_WAITS);
  }

  @Override
  public boolean isFresh(GoldenImage image) {
    return images.isFresh(image);
  }

  Cluster cluster(WarmBranch spare) {
    return clusters.cluster(spare.id(), spare.image(), spare.ephemeral());
  }
}
