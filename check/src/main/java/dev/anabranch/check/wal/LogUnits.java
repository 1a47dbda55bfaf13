package dev.anabranch.check.wal;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Unit;
import java.util.ArrayList;
import java.util.List;

/** The units in a branch's log that are in no ledger yet, taken from it for somebody to keep. */
public final class LogUnits {

  private LogUnits() {}

  /**
   * In commit order; they come once.
   *
   * @throws dev.anabranch.base.AnabranchException POSTGRES_FAILED
   */
  public static List<Unit> take(Branch branch, BranchLog.Connections connections) {
    Collected ledger = new Collected(new ArrayList<>());
    new BranchLog(connections, ledger).drain(branch);
    return List.copyOf(ledger.units());
  }

  /** Keeps them in memory. */
  private record Collected(List<Unit> units) implements Ledger {

    @Override
    public void append(List<? extends Entry> entries) {
      for (Entry entry : entries) {
        switch (entry) {
          case Entry.UnitCommitted(Unit unit) -> units.add(unit);
          case Entry.Heard heard ->
              throw new IllegalStateException("a log tells nothing like " + heard);
        }
      }
    }

    @Override
    public List<Answer> answers(BranchId branch) {
      return List.of();
    }

    @Override
    public List<Unit> units(BranchId branch) {
      return units;
    }

    @Override
    public List<Ending> endings(BranchId branch) {
      return List.of();
    }

    @Override
    public long length(BranchId branch) {
      return 0;
    }

    @Override
    public Lsn lastUnitLsn(BranchId branch) {
      return units.isEmpty() ? Lsn.ZERO : units.getLast().commitLsn();
    }

    @Override
    public long lastTick(BranchId branch) {
      return 0;
    }
  }
}
