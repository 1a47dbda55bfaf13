package dev.anabranch.promote.plan;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was decided of a branch's facts, and by what names they go.
 *
 * @param branch the branch's life
 * @param newest the last decision of each fact, by its id
 * @param traps rules that are off
 */
public record Decisions(BranchId branch, Map<String, Decision> newest, Traps traps) {

  private static final int ID_DIGITS = 10;

  private static final int STATE_DIGITS = 16;

  public Decisions {
    newest = Map.copyOf(newest);
  }

  /** The name of a fact. */
  String id(Fact.Kind kind, List<String> about) {
    List<String> parts = new ArrayList<>(List.of(branch.toString(), kind.name()));
    parts.addAll(about);
    return ShortDigest.of(ID_DIGITS, parts);
  }

  /** What a fact is known to be the same by. */
  static String state(List<String> parts) {
    return ShortDigest.of(STATE_DIGITS, parts);
  }

  /** What was decided of a fact, if it is still as it was then. */
  Optional<Decision> of(Fact fact) {
    return newest(fact)
        .filter(decision ->
            decision.fact().state().equals(fact.state()) || traps.has(Trap.DECIDED_FOR_GOOD));
  }

  /** The fact, saying so when it was decided and is another now. */
  Fact told(Fact fact) {
    Optional<Decision> decision = newest(fact);
    if (decision.isEmpty()) {
      return fact;
    }
    String said = decision.get().choice().word() + " by " + decision.get().who();
    if (decision.get().choice() instanceof Choice.Drop) {
      return fact.saying("; it was dropped (" + said + "), and more work is held by it since");
    }
    if (decision.get().fact().state().equals(fact.state())) {
      return decision.get().choice() instanceof Choice.Value
          ? fact.keeping(decision.get().decided())
          : fact;
    }
    return fact.saying("; it was decided (" + said + ") and is another now, so it is asked again");
  }

  Optional<Decision> newest(Fact fact) {
    return Optional.ofNullable(newest.get(fact.id()))
        .filter(decision -> !(decision.choice() instanceof Choice.Open));
  }

  /** Whether a person accepts an answer, as it is now. */
  public boolean isAccepted(Judged judged) {
    return isAccepted(Reason.answer(this, judged));
  }

  /** Whether a person accepts a fact, as it is now. */
  boolean isAccepted(Fact fact) {
    return of(fact).filter(decision -> decision.choice() instanceof Choice.Accept).isPresent();
  }

  /** Whether a person wants the transaction of an answer's statement to land as it came out now. */
  public boolean isToBeRedone(Judged judged, Again.Done done) {
    return Optional.ofNullable(newest.get(Reason.id(this, judged.answer().id())))
        .filter(decision ->
            decision.choice() instanceof Choice.Rerun(String state)
                && state.equals(Offers.digest(done))
                && decision.fact().state().equals(Reason.state(Optional.of(judged))))
        .isPresent();
  }

  /** The decisions by which units are dropped. */
  public List<Decision> drops() {
    return newest.values().stream()
        .filter(decision -> decision.choice() instanceof Choice.Drop)
        .sorted(Comparator.comparing(Decision::at))
        .toList();
  }
}
