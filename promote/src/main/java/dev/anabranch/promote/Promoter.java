package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.promote.apply.Attempt;
import dev.anabranch.promote.apply.Main;
import dev.anabranch.promote.apply.NumberPool;
import dev.anabranch.promote.fence.Fence;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.PlanInput;
import dev.anabranch.promote.plan.PromotionPlanner;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.Renumbering;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds a branch's units back into main: settle what a crash left open, plan, fence, write in one
 * transaction, keep a receipt. One promotion of a branch at a time.
 *
 * <p>Main may move between plan and commit. Then nothing is written and it is planned again, a
 * bounded number of times.
 */
public final class Promoter {

  private static final int ATTEMPTS = 8;

  /**
   * A strict promotion checks again when main wrote to what its answers rest on; a check is not
   * cheap.
   */
  private static final int CHECKS = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Promoter.class);

  /** The moments between which a crash may come; tests make one come. */
  enum Moment {
    BEGUN_STORED,
    INTENT_STORED,
    COMMITTED_ON_MAIN,
    LANDED_STORED
  }

  private final Inspector inspector;
  private final Main main;
  private final Promotions promotions;
  private final Recheck recheck;
  private final Settlement settlement;
  private final Clock clock;
  private final Consumer<Moment> passing;
  private final Set<BranchId> running = ConcurrentHashMap.newKeySet();

  /**
   * @param inspector checks a branch
   * @param mainDatabase main, as a role that may write its tables and set {@code
   *     session_replication_role}
   * @param promotions the bookkeeping
   * @param recheck looks at the window between check and commit
   * @param markers the promotions seen in main's log
   * @param clock for receipts
   */
  public Promoter(
      Inspector inspector,
      DataSource mainDatabase,
      Promotions promotions,
      Recheck recheck,
      Markers markers,
      Clock clock) {
    this(inspector, mainDatabase, promotions, recheck, markers, clock, moment -> {});
  }

  Promoter(
      Inspector inspector,
      DataSource mainDatabase,
      Promotions promotions,
      Recheck recheck,
      Markers markers,
      Clock clock,
      Consumer<Moment> passing) {
    this.inspector = inspector;
    this.main = new Main(mainDatabase);
    this.promotions = promotions;
    this.recheck = recheck;
    this.settlement = new Settlement(promotions, main, markers, clock);
    this.clock = clock;
    this.passing = passing;
  }

  /**
   * Settles, at start-up, what a crash left open. What main can't be asked about now is asked again
   * before it matters.
   */
  public void recover() {
    settlement.settleAll();
  }

  /**
   * Folds back what can be folded back.
   *
   * @throws AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY, CHECK_FAILED, MAIN_UNREACHABLE,
   *     REQUEST_INVALID, PROMOTE_REFUSED; an expected ending is a {@link Promotion}
   */
  public Promotion promote(PromoteRequest request) {
    Inspection inspection = inspector.inspect(request.branch());
    BranchId branch = inspection.branch().id();
    if (!running.add(branch)) {
      throw new AnabranchException(ErrorCode.BRANCH_BUSY, request.branch(), "promoted");
    }
    try {
      settlement.settle(branch);
      requireKnown(request.accept(), inspection);
      return new Run(request, inspection).promote();
    } finally {
      running.remove(branch);
    }
  }

  /**
   * Ends a branch's life in a way that hands its units over to another life: none of them is on
   * main, and none will be. After that no promotion of it begins, also none that has looked at it
   * before.
   *
   * @throws AnabranchException BRANCH_BUSY, or BRANCH_PROMOTED when something of it is on main
   */
  public <T> T retire(BranchId branch, BranchName name, Supplier<T> handOver) {
    if (!running.add(branch)) {
      throw new AnabranchException(ErrorCode.BRANCH_BUSY, name, "promoted");
    }
    boolean retired = false;
    try {
      settlement.settle(branch);
      if (!promotions.landedUnits(branch).isEmpty()) {
        throw new AnabranchException(ErrorCode.BRANCH_PROMOTED, name);
      }
      T result = handOver.get();
      retired = true;
      return result;
    } finally {
      if (!retired) {
        running.remove(branch);
      }
    }
  }

  private static void requireKnown(Set<Long> accepted, Inspection inspection) {
    Set<Long> unknown = new HashSet<>(accepted);
    inspection.report().verdicts().forEach(judged -> unknown.remove(judged.answer().id()));
    if (!unknown.isEmpty()) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          "Branch '"
              + inspection.branch().name()
              + "' has no answer "
              + unknown.iterator().next()
              + " to accept.");
    }
  }

  /** One promotion under way. */
  private final class Run {

    private final String id = UUID.randomUUID().toString();
    private final PromoteRequest request;
    private final ReceiptDraft draft;
    private final List<Rejection> rejections = new ArrayList<>();
    private final NumberPool pool = new NumberPool();
    private Inspection inspection;
    private int checks = 1;

    private Run(PromoteRequest request, Inspection inspection) {
      this.request = request;
      this.inspection = inspection;
      this.draft = new ReceiptDraft(id, request, main.systemIdentifier(), clock);
    }

    private Promotion promote() {
      String why = "";
      for (int attempt = 0; attempt < ATTEMPTS && checks <= CHECKS; attempt++) {
        List<Unit> pending = pending();
        Plan plan = plan(pending);
        if (pending.isEmpty() || request.dryRun() || plan.changes().isEmpty()) {
          return withoutWriting(plan);
        }
        Optional<Set<Long>> doubted = doubtedSoFar(plan);
        Attempt made =
            request.strict() && doubted.isPresent() && !doubted.get().isEmpty()
                ? new Attempt.InDoubt(doubted.get())
                : write(plan);
        switch (made) {
          case Attempt.Committed(Lsn at, Numbered numbered) -> {
            return landed(plan, numbered, at, doubted);
          }
          case Attempt.Moved(String reason) -> why = reason;
          case Attempt.Refused(List<Rejection> refused) -> rejections.addAll(refused);
          case Attempt.InDoubt(Set<Long> answers) -> {
            why = "main wrote to what answers " + new TreeSet<>(answers) + " rest on";
            checkAgain();
          }
          case Attempt.Unknown(String reason) -> {
            Optional<Receipt> settled = settlement.settle(inspection.branch().id());
            if (settled.isPresent()) {
              return draft.promotion(settled.get(), inspection);
            }
            why = reason;
          }
        }
      }
      return refused(why);
    }

    private void checkAgain() {
      checks++;
      if (checks <= CHECKS) {
        inspection = inspector.inspect(request.branch());
      }
    }

    private List<Unit> pending() {
      Set<Long> landed = promotions.landedUnits(inspection.branch().id());
      return inspection.units().stream().filter(unit -> !landed.contains(unit.id())).toList();
    }

    private Plan plan(List<Unit> pending) {
      Map<TableId, Set<String>> written = new HashMap<>();
      pending.forEach(unit ->
          unit.writes()
              .forEach(write ->
                  written.computeIfAbsent(write.table(), _ -> new TreeSet<>()).add(right(write))));
      List<Renumbering> earlier = promotions.renumberings(inspection.branch().id());
      return main.plan(
          written,
          inspection.shapesAtFork(),
          inspection.ground(),
          inspection.drawn().keySet(),
          (definitions, sequences) ->
              new PromotionPlanner(
                  new PlanInput(
                      inspection.report(),
                      pending,
                      inspection.provenance(),
                      inspection.shapesAtFork(),
                      inspection.alteredOnBranch(),
                      inspection.drawn(),
                      sequences,
                      definitions,
                      earlier,
                      request.accept(),
                      rejections)));
    }

    private static String right(Write write) {
      return switch (write) {
        case Write.Insert insert -> "INSERT";
        case Write.Update update -> "UPDATE";
        case Write.Delete delete -> "DELETE";
        case Write.Truncate truncate -> "TRUNCATE";
      };
    }

    private Promotion withoutWriting(Plan plan) {
      Receipt receipt = draft.unwritten(inspection, plan);
      promotions.keep(inspection, receipt, !request.dryRun() && !plan.landing().isEmpty());
      return draft.promotion(receipt, inspection);
    }

    private Attempt write(Plan plan) {
      promotions.begin(
          id,
          inspection,
          draft.mainSystem(),
          plan.landing(),
          ReceiptDraft.digest(plan),
          clock.instant());
      passing.accept(Moment.BEGUN_STORED);
      try {
        Attempt attempt =
            main.write(
                id,
                plan,
                fence(plan),
                pool,
                (transactionId, numbered) -> {
                  promotions.aboutToCommit(
                      id,
                      transactionId,
                      numbered.renumberings(),
                      draft.written(inspection, plan, numbered));
                  passing.accept(Moment.INTENT_STORED);
                });
        if (!(attempt instanceof Attempt.Committed) && !(attempt instanceof Attempt.Unknown)) {
          promotions.notLanded(id, Optional.empty(), clock.instant());
        }
        return attempt;
      } catch (RuntimeException e) {
        promotions.notLanded(id, Optional.empty(), clock.instant());
        throw e;
      }
    }

    private Optional<Fence> fence(Plan plan) {
      if (!request.strict()) {
        return Optional.empty();
      }
      Set<TableId> read = new HashSet<>();
      for (long answer : vouched(plan)) {
        read.addAll(
            inspection
                .provenance()
                .reads(answer)
                .orElseThrow(() ->
                    new AnabranchException(
                        ErrorCode.PROMOTE_REFUSED,
                        "it is not known which tables answer "
                            + answer
                            + " read, so they can't be fenced; promote without --strict")));
      }
      Inspection checked = inspection;
      return Optional.of(
          new Fence(
              plan.tables().keySet(),
              read,
              upTo -> recheck.inDoubt(checked, vouched(plan), upTo, Optional.empty())));
    }

    /** The answers that the landing units rest on and that nobody had to accept. */
    private Set<Long> vouched(Plan plan) {
      Set<Long> answers = new HashSet<>(plan.restsOn());
      answers.removeAll(request.accept());
      return answers;
    }

    private Promotion landed(
        Plan plan, Numbered numbered, Lsn at, Optional<Set<Long>> doubtedBefore) {
      passing.accept(Moment.COMMITTED_ON_MAIN);
      Receipt receipt = draft.committed(draft.written(inspection, plan, numbered), at);
      promotions.landed(id, at, receipt);
      passing.accept(Moment.LANDED_STORED);
      Receipt verified =
          request.strict()
              ? draft.fenced(receipt)
              : doubtedBefore.map(doubted -> lookBack(plan, receipt, at, doubted)).orElse(receipt);
      promotions.landed(id, Lsn.parse(verified.committed().orElseThrow()), verified);
      return draft.promotion(verified, inspection);
    }

    /**
     * Looks at the window between check and plan before anything is written or locked. Afterwards
     * the promotion's own rows hide what main did to them in that window; what main does to them
     * after the plan makes the promotion start again. It also brings the feed up to date, so that a
     * strict promotion holds its locks for the last moments only.
     *
     * @return the answers in doubt, or empty when the feed does not say
     */
    private Optional<Set<Long>> doubtedSoFar(Plan plan) {
      try {
        return Optional.of(
            recheck.inDoubt(inspection, vouched(plan), main.position(), Optional.empty()));
      } catch (RuntimeException e) {
        LOG.warn("the window before promotion {} could not be looked at: {}", id, e.getMessage());
        return Optional.empty();
      }
    }

    /**
     * Looks at the window up to the commit. The promotion has landed, so a failure only leaves it
     * unverified.
     */
    private Receipt lookBack(Plan plan, Receipt receipt, Lsn at, Set<Long> doubtedBefore) {
      try {
        Set<Long> inDoubt = new HashSet<>(doubtedBefore);
        inDoubt.addAll(recheck.inDoubt(inspection, vouched(plan), at, Optional.of(id)));
        return draft.lookedBack(receipt, inDoubt, settlement.commitOf(id).orElse(at));
      } catch (RuntimeException e) {
        LOG.warn(
            "promotion {} landed, and the window before its commit could not be looked at: {}",
            id,
            e.getMessage());
        return receipt;
      }
    }

    private Promotion refused(String why) {
      List<Long> units = pending().stream().map(Unit::id).toList();
      Receipt receipt = draft.refused(inspection, units, why);
      promotions.keep(inspection, receipt, false);
      return draft.promotion(receipt, inspection);
    }
  }
}
