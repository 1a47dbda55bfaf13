package dev.anabranch.server;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.server.watch.Watched;
import java.util.Optional;

/** The running parts, for those who watch branches. */
record WatchedParts(ServerComponents parts, Metrics metrics, MainUse use) implements Watched {

  @Override
  public Branch get(BranchName name) {
    return parts.branches().get(name);
  }

  @Override
  public Optional<Branch> find(BranchId branch) {
    return parts.branches().find(branch).filter(WatchedParts::lives);
  }

  static boolean lives(Branch branch) {
    return switch (branch.state()) {
      case READY, SUSPENDED -> true;
      case CREATING, HOT, COLD, DELETED, DELETING -> false;
    };
  }

  @Override
  public boolean isTaken(BranchName name) {
    return parts.branches().find(name).filter(WatchedParts::lives).isPresent();
  }

  @Override
  public Lsn main() {
    return parts.feed().applied();
  }

  @Override
  public long asked(BranchId branch) {
    return parts.ledger().lastTick(branch);
  }

  @Override
  public boolean isUsed(BranchId branch) {
    return parts.gateway().sessions(branch) > 0;
  }

  @Override
  public CheckReport check(Branch branch) {
    CheckReport report =
        use.during(() ->
            metrics.check(() -> parts.branches().inPassing(() -> parts.checker().check(branch))));
    parts.glances().checked(branch.id(), report);
    return report;
  }
}
