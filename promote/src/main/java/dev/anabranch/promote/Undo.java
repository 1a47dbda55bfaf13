package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.promote.Promotions.Origin;
import dev.anabranch.promote.Promotions.Past;
import dev.anabranch.promote.Undoings.TakenBack;
import dev.anabranch.promote.apply.Attempt;
import dev.anabranch.promote.apply.MainWriter;
import dev.anabranch.promote.apply.NumberPool;
import dev.anabranch.promote.apply.WriteManner;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.fence.Fence;
import dev.anabranch.promote.plan.Footing;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.UndoInput;
import dev.anabranch.promote.plan.UndoPlanner;
import dev.anabranch.promote.plan.Written;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One promotion being undone: its inverse is planned from what was kept of it and from main as it
 * is, and is brought to main as a promotion of its own.
 *
 * <p>It rests on no answer, so it needs no check and no fence: each row is written only while main
 * has it as the plan saw it.
 */
final class Undo {

  private static final int ATTEMPTS = 8;

  /** How often it waits for what main has locked, before that stays as it is. */
  private static final int LOCK_WAITS = 2;

  private static final Fence NO_FENCE =
      new Fence(Set.of(), Set.of(), Optional.empty(), (upTo, patience) -> Set.of(), Duration.ZERO);

  private final MainWriter main;
  private final Promotions promotions;
  private final Settlement settlement;
  private final Landing landing;
  private final OwnChecks ownChecks;
  private final Assertions assertions;
  private final UndoDraft draft;
  private final Past past;
  private final boolean dryRun;
  private final Optional<String> shown;
  private final Traps traps;
  private final Origin origin;
  private final List<Long> units;
  private final Footing footing;
  private final List<Written> written = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private int waits;

  /**
   * @param assertions what main has to be afterwards
   * @param mainSystem main's system identifier
   * @param past what is to be undone
   * @param dryRun whether to look only
   * @param shown the plan that was looked at, if only that one is wanted
   * @throws AnabranchException UNDO_NOTHING, UNDO_TWICE, UNDO_TOO_LATE, UNDO_ROWS_NOT_KEPT,
   *     UNDO_OF_ANOTHER_MAIN
   */
  Undo(
      MainWriter main,
      Promotions promotions,
      Settlement settlement,
      Landing landing,
      OwnChecks ownChecks,
      Assertions assertions,
      String mainSystem,
      Clock clock,
      Past past,
      boolean dryRun,
      Optional<String> shown,
      Traps traps) {
    this.main = main;
    this.promotions = promotions;
    this.settlement = settlement;
    this.landing = landing;
    this.ownChecks = ownChecks;
    this.assertions = assertions;
    this.draft = new UndoDraft(UUID.randomUUID().toString(), assertions, mainSystem, clock);
    this.past = past;
    this.dryRun = dryRun;
    this.shown = shown;
    this.traps = traps;
    this.origin = new Origin(past.origin().branch(), past.origin().name(), Optional.of(past.id()));
    this.units = left();
    requireRows();
    this.footing =
        past.footing()
            .orElseThrow(() -> new AnabranchException(ErrorCode.UNDO_ROWS_NOT_KEPT, past.id()));
  }

  private void requireRows() {
    promotions
        .rowsGone(past.id())
        .ifPresent(gone -> {
          throw new AnabranchException(ErrorCode.UNDO_TOO_LATE, past.id(), gone);
        });
  }

  private List<Long> left() {
    if (!past.landed() || wroteNothing()) {
      throw new AnabranchException(ErrorCode.UNDO_NOTHING, past.id());
    }
    if (!past.mainSystem().equals(draft.mainSystem())) {
      throw new AnabranchException(ErrorCode.UNDO_OF_ANOTHER_MAIN, past.id(), past.mainSystem());
    }
    TakenBack taken = promotions.undoings().takenBack(past.id());
    List<Long> left = past.units().stream().filter(unit -> !taken.units().contains(unit)).toList();
    if (left.isEmpty()) {
      throw new AnabranchException(ErrorCode.UNDO_TWICE, past.id(), taken.by().getLast());
    }
    return left;
  }

  private boolean wroteNothing() {
    return past.receipt().committed().isEmpty() || past.units().isEmpty();
  }

  Promotion run() {
    ownChecks.requireAskable(assertions);
    written.addAll(promotions.written().of(past.id(), new HashSet<>(units)));
    // They go all at once, and that is marked together with it: what was read is all, or this.
    requireRows();
    String why = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Lsn asOf = main.position();
      Plan plan = asShown();
      if (dryRun || plan.changes().isEmpty()) {
        return withoutWriting(plan, asOf);
      }
      switch (write(plan, asOf)) {
        case Attempt.Committed(Lsn at, Numbered numbered, boolean ignored) -> {
          return landed(plan, numbered, asOf, at);
        }
        case Attempt.Moved(String reason) -> why = reason;
        case Attempt.Locked(String reason) -> {
          why = reason;
          waits++;
        }
        case Attempt.Refused(List<Rejection> refused) -> {
          why = refused.getFirst().sentence();
          if (attempt >= Landing.SECOND_LOOKS || plan.isMadeOnTheSame(plan())) {
            rejections.addAll(refused);
          }
        }
        case Attempt.Unmet ignored -> {
          return unmet(plan, asOf);
        }
        case Attempt.InDoubt(Set<Long> answers) ->
            throw new IllegalStateException("an undoing rests on no answer, not on " + answers);
        case Attempt.Redefined ignored ->
            throw new IllegalStateException("an undoing rests on no definition");
        case Attempt.Unknown(String reason) -> {
          Optional<Receipt> settled = settlement.settle(origin.branch());
          if (settled.isPresent()) {
            return promotion(settled.get());
          }
          why = reason;
        }
      }
    }
    return refused(why);
  }

  /**
   * The plan, if it is the one that was looked at. That one may know what main refuses, which is
   * known only when it was tried.
   */
  private Plan asShown() {
    Plan plan = plan();
    if (dryRun || shown.filter(digest -> !digest.equals(plan.digest())).isEmpty()) {
      return plan;
    }
    Plan tried = rehearsed(plan);
    if (!shown.get().equals(tried.digest())) {
      throw new AnabranchException(ErrorCode.UNDO_ANOTHER, past.id());
    }
    return tried;
  }

  private Plan plan() {
    Map<TableId, Set<String>> rights = new HashMap<>();
    footing.tables().keySet().forEach(table -> rights.put(table, new TreeSet<>()));
    written.forEach(
        row -> rights.computeIfAbsent(row.table(), _ -> new TreeSet<>()).add(right(row)));
    return main.plan(
        rights,
        footing.shapes(),
        footing.ground(),
        List.of(),
        (definitions, sequences) ->
            new UndoPlanner(
                new UndoInput(
                    units,
                    written,
                    footing,
                    definitions,
                    rejections,
                    traps,
                    promotions.rules().combining(),
                    past.receipt().merged(),
                    promotions.later(past, footing, written, definitions))),
        traps);
  }

  /** The right that it took to write a row: who has lost it does not get the row back. */
  private static String right(Written row) {
    return switch (row) {
      case Written.Inserted ignored -> "INSERT";
      case Written.Updated ignored -> "UPDATE";
      case Written.Deleted ignored -> "DELETE";
    };
  }

  private Attempt write(Plan plan, Lsn asOf) {
    return landing.write(
        new Landing.Load(
            draft.id(),
            origin,
            draft.mainSystem(),
            plan,
            footing.ground(),
            NO_FENCE,
            new WriteManner(false, waits >= LOCK_WAITS),
            new NumberPool(),
            footing::searchPath,
            traps,
            assertions,
            numbered -> draft.written(past.receipt(), plan, numbered, asOf)));
  }

  private Promotion landed(Plan plan, Numbered numbered, Lsn asOf, Lsn at) {
    landing.passed(Promoter.Moment.COMMITTED_ON_MAIN);
    Receipt receipt =
        draft.committed(
            draft.written(past.receipt(), plan, numbered, asOf),
            settlement.commitOf(draft.id()).orElse(at));
    promotions.landed(draft.id(), Lsn.parse(receipt.committed().orElseThrow()), receipt);
    landing.passed(Promoter.Moment.LANDED_STORED);
    return promotion(receipt);
  }

  private Promotion withoutWriting(Plan planned, Lsn asOf) {
    Plan plan = dryRun ? rehearsed(planned) : planned;
    Receipt receipt =
        assertions.areMet()
            ? draft.unwritten(past.receipt(), plan, asOf, dryRun)
            : draft.unmet(past.receipt(), plan, asOf, dryRun);
    promotions.keep(origin, receipt, !dryRun && !plan.landing().isEmpty(), Map.of());
    return promotion(receipt);
  }

  /** What main would refuse to take back, it says on a copy. */
  private Plan rehearsed(Plan plan) {
    return ownChecks.rehearse(
        new Candidate(
            plan,
            refused -> {
              rejections.addAll(refused);
              return plan();
            },
            footing::searchPath,
            traps),
        assertions);
  }

  /** What main would be then is not as the users' own checks want it. */
  private Promotion unmet(Plan plan, Lsn asOf) {
    Receipt receipt = draft.unmet(past.receipt(), plan, asOf, false);
    promotions.keep(origin, receipt);
    return promotion(receipt);
  }

  private Promotion refused(String why) {
    Receipt receipt = draft.refused(past.receipt(), units, why, main.position());
    promotions.keep(origin, receipt);
    return promotion(receipt);
  }

  private static Promotion promotion(Receipt receipt) {
    return ReceiptDraft.promotion(receipt, new BranchName(receipt.branch()));
  }
}
