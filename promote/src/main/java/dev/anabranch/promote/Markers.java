package dev.anabranch.promote;

import dev.anabranch.base.Lsn;
import java.util.Optional;

/** The promotions that were seen committing in main's own log. */
@FunctionalInterface
public interface Markers {

  /**
   * Where a promotion committed on main, empty when main's WAL has not shown it (which proves
   * nothing).
   *
   * @param promotion the id that was written to main's WAL
   */
  Optional<Lsn> commitOf(String promotion);
}
