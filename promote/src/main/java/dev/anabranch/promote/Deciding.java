package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Unit;
import dev.anabranch.promote.fact.Choice;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.FactRerun;
import dev.anabranch.promote.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes decisions of what a caller asked for, or says what is wrong with it.
 *
 * @param branch whose facts they are
 * @param facts as they are now, by their ids
 * @param earlier the last decision of each
 * @param asOf the position of main that the facts are as of
 */
record Deciding(
    BranchName branch, Map<String, Fact> facts, Map<String, Decision> earlier, Lsn asOf) {

  static final int LEAST_OF_STATE = 4;

  private static final Set<String> OF_CELLS = Set.of("branch", "main", "value");

  /**
   * @throws AnabranchException FACT_UNKNOWN, FACT_CHANGED, CHOICE_INVALID: then none counts
   */
  List<Decision> decide(List<DecisionAsked> asked, String who, Optional<String> why, Instant now) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (DecisionAsked one : asked) {
      Fact fact = require(one);
      Optional<Decision> before =
          Optional.ofNullable(decisions.get(fact.id()))
              .or(() -> Optional.ofNullable(earlier.get(fact.id())));
      Choice choice = choice(one, fact, before);
      stillDropped(choice, fact, before).ifPresent(drop -> decisions.put(drop.fact().id(), drop));
      decisions.put(
          fact.id(), new Decision(fact, choice, units(choice, fact, before), who, why, now, asOf));
    }
    return List.copyOf(decisions.values());
  }

  /**
   * Keeps what a request decides.
   *
   * @param plan of these pending units
   */
  static void keep(
      PromoteRequest request,
      Inspection inspection,
      Plan plan,
      List<Unit> pending,
      Promotions promotions,
      Instant now) {
    BranchId branch = inspection.branch().id();
    Map<String, Fact> facts = DecidableFacts.of(plan, promotions.lastReceipt(branch), pending);
    List<DecisionAsked> asked =
        new TaskDeciding(
                request.branch(),
                facts,
                inspection.provenance().tasks(pending.stream().map(Unit::id).toList()))
            .ofFacts(request.decide());
    promotions
        .decisions()
        .keep(
            branch,
            new Deciding(
                    request.branch(),
                    facts,
                    promotions.decisions().newest(branch),
                    inspection.report().asOf())
                .decide(asked, request.who(), request.why(), now));
  }

  private Fact require(DecisionAsked asked) {
    Fact fact = facts.get(asked.fact());
    if (fact == null) {
      throw new AnabranchException(ErrorCode.FACT_UNKNOWN, branch, asked.fact(), branch);
    }
    // What was looked at to execute it again is what it would write.
    String state =
        asked.choice().equals("rerun") && fact.choices().contains("rerun")
            ? fact.rerun().map(FactRerun::state).orElse("")
            : fact.state();
    boolean isAsSeen =
        asked
            .state()
            .filter(seen -> seen.length() < LEAST_OF_STATE || !state.startsWith(seen))
            .isEmpty();
    if (!isAsSeen) {
      throw new AnabranchException(ErrorCode.FACT_CHANGED, asked.fact(), fact.sentence(), branch);
    }
    return fact;
  }

  /**
   * Work that was dropped, and is not what is decided now, stays dropped, and can be opened by
   * itself.
   */
  private Optional<Decision> stillDropped(Choice choice, Fact fact, Optional<Decision> before) {
    if (choice instanceof Choice.Drop || choice instanceof Choice.Open) {
      return Optional.empty();
    }
    return before
        .filter(known -> known.choice() instanceof Choice.Drop)
        // What is dropped is in no other conflict; of the same one it is another decision.
        .filter(known -> !known.fact().state().equals(fact.state()))
        .map(known -> {
          String id = fact.id() + DROPPED;
          Set<Long> units = new TreeSet<>(known.units());
          Optional.ofNullable(earlier.get(id))
              .filter(dropped -> dropped.choice() instanceof Choice.Drop)
              .ifPresent(dropped -> units.addAll(dropped.units()));
          return new Decision(
              known.fact().named(id),
              known.choice(),
              List.copyOf(units),
              known.who(),
              known.why(),
              known.at(),
              known.asOf());
        });
  }

  /** Follows the id of a fact of which earlier work was dropped. */
  private static final String DROPPED = "-dropped";

  /** Work that was dropped before stays dropped when more of it is. */
  private static List<Long> units(Choice choice, Fact fact, Optional<Decision> before) {
    if (!(choice instanceof Choice.Drop)) {
      return List.of();
    }
    Set<Long> units = new TreeSet<>(fact.units());
    before
        .filter(known -> known.choice() instanceof Choice.Drop)
        .ifPresent(known -> units.addAll(known.units()));
    return List.copyOf(units);
  }

  private static Choice choice(DecisionAsked asked, Fact fact, Optional<Decision> before) {
    if (asked.column().isPresent() && !OF_CELLS.contains(asked.choice())) {
      throw invalid(
          asked, "of a column say branch, main or a value; " + asked.choice() + " is of all of it");
    }
    if (!asked.value().isEmpty() && !asked.choice().equals("value")) {
      throw invalid(asked, "only the choice value takes values: leave them out, or choose value");
    }
    if (asked.choice().equals("open")) {
      return new Choice.Open();
    }
    if (asked.choice().equals("rerun") && !fact.choices().contains("rerun")) {
      throw new AnabranchException(
          ErrorCode.RERUN_NOT_OFFERED,
          asked.fact(),
          fact.rerun()
              .map(FactRerun::why)
              .filter(why -> !why.isEmpty())
              .orElse(
                  "only what a unit's own statement did, and has read otherwise since, can be"));
    }
    // The cells of a row are decided by one's own choice or by side, so that is the choice to have.
    String needed = asked.column().isPresent() ? "value" : asked.choice();
    if (!fact.choices().contains(needed)) {
      throw invalid(
          asked,
          fact.choices().isEmpty()
              ? "nothing can be chosen about it"
              : "choose one of " + String.join(", ", fact.choices()));
    }
    return switch (asked.choice()) {
      case "accept" -> new Choice.Accept();
      case "drop" -> new Choice.Drop();
      case "rerun" -> new Choice.Rerun(fact.rerun().orElseThrow().state());
      case "branch" ->
          asked.column().isEmpty()
              ? new Choice.Branch()
              : cells(asked, fact, before, new Choice.Cell.OfBranch());
      case "main" ->
          asked.column().isEmpty()
              ? new Choice.Main()
              : cells(asked, fact, before, new Choice.Cell.OfMain());
      case "value" -> given(asked, fact, before);
      default -> throw invalid(asked, "choose one of " + String.join(", ", fact.choices()));
    };
  }

  private static Choice cells(
      DecisionAsked asked, Fact fact, Optional<Decision> before, Choice.Cell cell) {
    return with(asked, fact, before, Map.of(asked.column().orElseThrow(), cell));
  }

  private static Choice given(DecisionAsked asked, Fact fact, Optional<Decision> before) {
    Map<String, Choice.Cell> cells = new HashMap<>();
    for (Map.Entry<String, @Nullable String> one : asked.value().entrySet()) {
      cells.put(one.getKey(), new Choice.Cell.Given(Optional.ofNullable(one.getValue())));
    }
    if (cells.isEmpty()) {
      throw invalid(asked, "a value needs its cells, such as value:{\"qty\":\"7\"}");
    }
    return with(asked, fact, before, cells);
  }

  /**
   * What is said of one column leaves alone what was said of others, while the fact is the same.
   */
  private static Choice with(
      DecisionAsked asked, Fact fact, Optional<Decision> before, Map<String, Choice.Cell> cells) {
    Set<String> columns = new LinkedHashSet<>(fact.branch().orElse(Map.of()).keySet());
    fact.key().orElse(Map.of()).keySet().forEach(columns::remove);
    List<String> strange = new ArrayList<>(new TreeSet<>(cells.keySet()));
    strange.removeAll(columns);
    if (!strange.isEmpty()) {
      throw invalid(
          asked,
          "column '"
              + strange.getFirst()
              + "' is not in conflict, only "
              + String.join(", ", columns));
    }
    Map<String, Choice.Cell> all = new HashMap<>();
    before
        .filter(known -> known.fact().state().equals(fact.state()))
        .map(Decision::choice)
        .ifPresent(choice -> {
          if (choice instanceof Choice.Value(Map<String, Choice.Cell> known)) {
            all.putAll(known);
          }
        });
    all.putAll(cells);
    return new Choice.Value(all);
  }

  private static AnabranchException invalid(DecisionAsked asked, String what) {
    String words = asked.column().map(column -> "." + column).orElse("") + "=" + asked.choice();
    return new AnabranchException(ErrorCode.CHOICE_INVALID, asked.fact() + words, what);
  }
}
