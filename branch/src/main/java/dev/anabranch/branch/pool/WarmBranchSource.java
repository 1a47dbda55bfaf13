package dev.anabranch.branch.pool;

import dev.anabranch.branch.golden.GoldenImage;
import java.util.List;

/**
 * Makes and unmakes spares. Each call is slow and leaves nothing behind when it fails; only the
 * pool's workers call.
 */
public interface WarmBranchSource {

  /** Spares of an earlier process that run still. */
  List<WarmBranch> hot();

  /** Spares of an earlier process that do not run. */
  List<WarmBranch> cold();

  /**
   * Clones an image, which somebody keeps meanwhile.
   *
   * @param ephemeral false when the clone has to survive the loss of power from now on
   */
  WarmBranch copy(GoldenImage image, boolean ephemeral);

  /** Starts a clone, for somebody who connects at once. */
  WarmBranch start(WarmBranch copied, boolean ephemeral);

  /** Connects to a started one for the first time, and notes that it waits hot. */
  void shelveHot(WarmBranch started);

  /** Notes that it waits cold. */
  void shelveCold(WarmBranch copied);

  /** Stops it and removes it. */
  void discard(WarmBranch spare);

  /**
   * The newest image, which has all that main acknowledged before this call; a new one when main
   * has moved.
   */
  GoldenImage refresh();

  /** Whether an image is young enough for a caller who wants the latest. */
  boolean isFresh(GoldenImage image);
}
