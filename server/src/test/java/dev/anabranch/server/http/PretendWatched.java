package dev.anabranch.server.http;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.server.watch.Watched;
import java.util.Optional;

/** The branches of {@link PretendOperations}, on which nothing moves until they are deleted. */
record PretendWatched(PretendOperations operations) implements Watched {

  @Override
  public Branch get(BranchName name) {
    return operations.get(name);
  }

  @Override
  public Optional<Branch> find(BranchId branch) {
    return operations.list().stream().filter(one -> one.id().equals(branch)).findFirst();
  }

  @Override
  public boolean isTaken(BranchName name) {
    return false;
  }

  @Override
  public Lsn main() {
    return Lsn.ZERO;
  }

  @Override
  public long asked(BranchId branch) {
    return 0;
  }

  @Override
  public boolean isUsed(BranchId branch) {
    return false;
  }

  @Override
  public CheckReport check(Branch branch) {
    return operations.check(branch.name());
  }
}
