package dev.anabranch.promote.plan;

import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import java.util.Optional;
import java.util.Set;

/** Which answers a unit rests on, and which units an answer may have read. */
public interface Provenance {

  /**
   * The ids of the answers that a unit's session got before it, within the same task; of all the
   * sessions it may belong to, when that is not certain. Results that are nothing but the unit's
   * own insert don't count.
   */
  Set<Long> restsOn(long unit);

  /**
   * Whether an answer may have seen a unit's writes: the unit may have committed before it (or is
   * its own transaction), and one of its rows may match the footprint. On any doubt, yes.
   */
  boolean mayHaveRead(long answer, Unit unit);

  /** The tables an answer read, empty when that is not known. */
  Optional<Set<TableId>> reads(long answer);
}
