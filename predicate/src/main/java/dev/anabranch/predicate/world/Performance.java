package dev.anabranch.predicate.world;

import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Write;
import java.util.List;

/**
 * One execution of statements on a scratch copy of main; nothing of it is left there.
 *
 * @param outcomes one for each statement
 * @param left the same
 * @param atEnd what came of constraints that wait for the commit
 * @param writes all that was written, triggers' writes included
 * @param shapes the layouts of the tables written
 * @param touched what it read or wrote
 * @param window when it ran
 * @param self what it may have said of itself
 */
public record Performance(
    List<Outcome> outcomes,
    List<Left> left,
    Outcome atEnd,
    List<Write> writes,
    List<TableShape> shapes,
    Touched touched,
    RehearsalWindow window,
    Self self) {
  public Performance {
    outcomes = List.copyOf(outcomes);
    left = List.copyOf(left);
    writes = List.copyOf(writes);
    shapes = List.copyOf(shapes);
  }

  /** What came of its last statement. */
  public Outcome last() {
    return outcomes.getLast();
  }
}
