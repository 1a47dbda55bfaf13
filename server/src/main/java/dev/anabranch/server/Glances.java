package dev.anabranch.server;

import dev.anabranch.base.BranchId;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.server.http.Glance;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What was found out about each branch last. It is kept in memory, and told to whoever lists. */
final class Glances {

  private final InstantSource clock;

  private final Map<BranchId, Glance> known = new ConcurrentHashMap<>();

  Glances(InstantSource clock) {
    this.clock = clock;
  }

  Glance of(BranchId branch) {
    return known.getOrDefault(branch, Glance.NOTHING);
  }

  void checked(BranchId branch, CheckReport report) {
    Glance.Verdicts verdicts = new Glance.Verdicts(report.counts(), report.asOf(), clock.instant());
    change(
        branch,
        glance ->
            glance.verdicts().filter(newer -> newer.asOf().isAfter(report.asOf())).isPresent()
                ? glance
                : new Glance(glance.size(), Optional.of(verdicts), glance.waiting()));
  }

  void looked(BranchId branch, Promotion promotion) {
    int open = (int) promotion.facts().stream().filter(Fact::isOpen).count();
    Glance.Waiting waiting = new Glance.Waiting(open, promotion.asOf(), clock.instant());
    change(branch, glance -> new Glance(glance.size(), glance.verdicts(), Optional.of(waiting)));
  }

  /** Empty where it can't be told any more. */
  void measured(BranchId branch, Optional<DiskUse> use, Instant at) {
    change(
        branch,
        glance ->
            new Glance(
                use.map(found -> new Glance.Measured(found, at)),
                glance.verdicts(),
                glance.waiting()));
  }

  private void change(BranchId branch, UnaryOperator<Glance> change) {
    known.compute(branch, (id, before) -> change.apply(before == null ? Glance.NOTHING : before));
  }

  /** Forgets all others. */
  void keepOnly(Set<BranchId> branches) {
    known.keySet().retainAll(branches);
  }

  /** What all branches have of the disk by themselves, as far as it was measured. */
  long ownBytes() {
    return known.values().stream()
        .flatMap(glance -> glance.size().stream())
        .mapToLong(size -> size.use().ownBytes())
        .sum();
  }
}
