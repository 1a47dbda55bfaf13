package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import java.util.Optional;

/** The promotions that were seen committing in main's own log. */
@FunctionalInterface
public interface Markers {

  /**
   * Where a promotion committed on main, empty when main's log has not shown it (which proves
   * nothing).
   *
   * @param promotion the id that was written to main's log
   */
  Optional<Lsn> commitOf(String promotion);
}
