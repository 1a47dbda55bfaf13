package dev.anabranch.branch.golden;

import dev.anabranch.base.Lsn;
import java.time.Instant;

/** Where on main (or on its parent) a branch starts. */
public sealed interface BranchPoint {

  /** A new golden image: every commit acknowledged before the request is inside. */
  record Now() implements BranchPoint {}

  /** The newest golden image there is, or a new one when there is none. */
  record Latest() implements BranchPoint {}

  /** Main's past: every commit that ends at or below it is inside, none above. */
  record AtLsn(Lsn lsn) implements BranchPoint {}

  /** Main's past: every commit before the first one that was made after this moment. */
  record AtTime(Instant time) implements BranchPoint {}
}
