package dev.anabranch.branch;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.golden.Roles;
import dev.anabranch.branch.history.LogSegments;
import dev.anabranch.branch.history.PastLog;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.branch.storage.DataDirectory;
import dev.anabranch.branch.storage.DataDirectory.Checkpoint;
import dev.anabranch.cluster.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Sets branches back to moments of their own: a new life from the same image, which replays the old
 * one's log up to the moment.
 *
 * <p>The log since the image is kept in every branch by a slot that it was born with. An image was
 * shut down cleanly, and Postgres does not look behind that; with the control file that it had just
 * before, it recovers as after a crash, through the shutdown and on.
 */
final class Restores {

  private final GoldenImages images;
  private final BranchStore store;
  private final BranchClusters clusters;
  private final BranchCreation creation;
  private final InstantSource clock;

  Restores(
      GoldenImages images,
      BranchStore store,
      BranchClusters clusters,
      BranchCreation creation,
      InstantSource clock) {
    this.images = images;
    this.store = store;
    this.clusters = clusters;
    this.creation = creation;
    this.clock = clock;
  }

  /**
   * How a copy of a branch's image gets to a moment of the branch.
   *
   * @param control the control file with which it recovers
   * @param log the branch's own
   * @param redo where recovery starts
   * @param end where it ends
   */
  record Way(GoldenImage image, Path control, PastLog log, Lsn redo, Lsn end) {}

  /**
   * Called with the name's lock held, of a branch that runs.
   *
   * @param limit a position of its log; all up to it is in its files
   * @throws AnabranchException with {@link ErrorCode#BRANCH_MOMENT_GONE} when there is none
   */
  Way way(Branch branch, PastPoint point, Lsn limit) {
    GoldenImage image = creation.imageOf(branch);
    Path control = requireKept(branch, image, point);
    Checkpoint running = DataDirectory.lastCheckpoint(control);
    PastLog log =
        new PastLog(
            new LogSegments(
                clusters.log(branch.id()), running.timeline(), images.walSegmentBytes()));
    Lsn end = find(branch, image, log, point, limit);
    return new Way(image, control, log, running.redo(), end);
  }

  /** Makes a running cluster of it. */
  void replay(Way way, Cluster cluster) {
    clusters.restoreInto(
        cluster, images.data(way.image()), way.control(), way.log(), way.redo(), way.end());
  }

  /** Called with the name's lock held. */
  Branch restore(Branch old, PastPoint point, Lsn limit, LifeHandover inheritance) {
    Way way = way(old, point, limit);
    Lsn end = way.end();
    BranchId id = store.beginRestored(old);
    creation.orDiscard(
        id,
        () -> {
          Cluster cluster = clusters.cluster(id, way.image(), old.ephemeral());
          replay(way, cluster);
          clusters.beginAt(cluster, old.database(), end);
          if (old.clientRole().equals(Roles.MEMBER)) {
            clusters.actedRole(cluster, old.database()); // it may be from before its login was made
          }
          inheritance.pass(id, end);
        });
    return creation.succeed(old, id);
  }

  private Path requireKept(Branch old, GoldenImage image, PastPoint point) {
    if (old.parent().isPresent()) {
      throw gone(
          old,
          point,
          "it was started from another branch, and such a branch keeps nothing of its past");
    }
    Path control = images.runningControl(image);
    if (!Files.exists(control)
        || !clusters.keepsPast(
            clusters.cluster(old.id(), image, old.ephemeral()), old.database())) {
      throw gone(
          old,
          point,
          "its WAL was not kept, or has become too large to be; it can be had as it is, and reset");
    }
    switch (point) {
      case PastPoint.AtTime(Instant time) -> {
        if (time.isBefore(old.createdAt())) {
          throw gone(old, point, "it began at " + old.createdAt() + ": name a later time");
        }
        if (time.isAfter(clock.instant())) {
          throw gone(old, point, "that is still to come: name a time that is past");
        }
      }
      case PastPoint.AtLsn ignored -> {}
    }
    return control;
  }

  private Lsn find(Branch old, GoldenImage image, PastLog log, PastPoint point, Lsn limit) {
    if (point instanceof PastPoint.AtLsn(Lsn lsn) && lsn.isAfter(limit)) {
      throw gone(old, point, "its WAL is only at " + limit + ": name a position up to there");
    }
    // The first record from here on is the shutdown of the image.
    Lsn shutdown =
        DataDirectory.lastCheckpoint(DataDirectory.control(images.data(image))).position();
    Lsn end = log.find(point, new PastLog.Moment(shutdown, old.createdAt()), limit).lsn();
    if (end.equals(shutdown)) {
      throw gone(old, point, "its own WAL begins behind " + shutdown + ": name a later position");
    }
    return end;
  }

  private static AnabranchException gone(Branch branch, PastPoint point, String why) {
    return new AnabranchException(ErrorCode.BRANCH_MOMENT_GONE, branch.name(), point, why);
  }
}
