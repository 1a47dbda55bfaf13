package dev.anabranch.promote;

import dev.anabranch.base.BranchName;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.promote.apply.MainWriter;
import java.util.Set;

/**
 * The check that a promotion goes by. It is made again when main has moved what it rests on, a
 * bounded number of times, since a check is not cheap.
 */
final class CurrentCheck {

  /** How often main may write to what the answers rest on, before those can't be told. */
  private static final int MOVED = 3;

  /**
   * How often main may define something otherwise. Any definition counts, also one that no answer
   * has to do with, so that more of them are borne.
   */
  private static final int REDEFINED = 6;

  private final Inspector inspector;
  private final MainWriter main;
  private final BranchName branch;
  private final Traps traps;
  private String definitions;
  private Inspection inspection;
  private int moved;
  private int redefined;

  CurrentCheck(Inspector inspector, MainWriter main, BranchName branch, Traps traps) {
    this.traps = traps;
    this.inspector = inspector;
    this.main = main;
    this.branch = branch;
    this.definitions = main.definitions();
    this.inspection = inspect();
  }

  /** What may be another at any moment is so at the commit, however often it is checked. */
  private Inspection inspect() {
    Inspection found = inspector.inspect(branch);
    return traps.has(Trap.CLOCK_STANDS_STILL) ? found : found.withoutMoving();
  }

  Inspection inspection() {
    return inspection;
  }

  /** Main's, as they were marked before the check ({@code Definitions.mark}). */
  String definitions() {
    return definitions;
  }

  /**
   * Main has written to what these answers rest on, or time may have made them others. Answers
   * about what it never leaves alone can't be told, and hold what rests on them.
   */
  void afterMoving(Set<Long> inDoubt) {
    moved++;
    if (moved < MOVED) {
      again();
    } else {
      inspection = inspection.without(inDoubt);
    }
  }

  /** Main has defined something otherwise, after these answers were found to hold. */
  void afterRedefining(Set<Long> inDoubt) {
    redefined++;
    if (redefined < REDEFINED) {
      again();
    } else {
      inspection = inspection.without(inDoubt);
    }
  }

  private void again() {
    definitions = main.definitions();
    inspection = inspect();
  }
}
