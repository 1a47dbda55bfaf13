package dev.anabranch.promote;

import dev.anabranch.ledger.Unit;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What there is to decide: the facts of a plan, and what main refused where that was tried. */
final class DecidableFacts {

  private DecidableFacts() {}

  /**
   * By their ids.
   *
   * @param last what came of the branch's last promotion: what main refused is known only there
   * @param pending the units that may land
   */
  static Map<String, Fact> of(Plan plan, Optional<Receipt> last, List<Unit> pending) {
    Set<Long> units = pending.stream().map(Unit::id).collect(Collectors.toSet());
    Map<String, Fact> facts = new HashMap<>();
    last.ifPresent(receipt ->
        receipt.facts().stream()
            .filter(fact -> fact.kind() == Fact.Kind.CONSTRAINT)
            .filter(fact -> fact.units().stream().anyMatch(units::contains))
            .forEach(fact -> facts.put(fact.id(), fact)));
    plan.facts().forEach(fact -> facts.put(fact.id(), fact));
    return facts;
  }
}
