package dev.anabranch.promote;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.promote.BranchTurns.Purpose;
import dev.anabranch.promote.PlanStore.Kept;
import dev.anabranch.promote.Promotions.Origin;
import dev.anabranch.promote.apply.Attempt;
import dev.anabranch.promote.apply.MainWriter;
import dev.anabranch.promote.apply.NumberPool;
import dev.anabranch.promote.apply.WriteManner;
import dev.anabranch.promote.assertion.Assertions;
import dev.anabranch.promote.fence.Fence;
import dev.anabranch.promote.plan.Decisions;
import dev.anabranch.promote.plan.Numbered;
import dev.anabranch.promote.plan.Offers;
import dev.anabranch.promote.plan.Plan;
import dev.anabranch.promote.plan.PlanInput;
import dev.anabranch.promote.plan.PromotionPlanner;
import dev.anabranch.promote.plan.Rejection;
import dev.anabranch.promote.plan.Renumbering;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Folds a branch's units back into main: settle what a crash left open, plan, fence, write in one
 * transaction, keep a receipt. One promotion of a branch at a time.
 *
 * <p>Main may move between plan and commit. Then nothing is written and it is planned again, a
 * bounded number of times.
 */
public final class Promoter {

  private static final int ATTEMPTS = 8;

  /** How often it waits for what main has locked, before that stays behind. */
  private static final int LOCK_WAITS = 2;

  /**
   * The moments between which a crash may come, and the one in which a look has its turn; tests
   * make one come.
   */
  enum Moment {
    LOOKED,
    BEGUN_STORED,
    INTENT_STORED,
    COMMITTED_ON_MAIN,
    LANDED_STORED
  }

  private final Inspector inspector;
  private final MainWriter main;
  private final Promotions promotions;
  private final Recheck recheck;
  private final Settlement settlement;
  private final Clock clock;
  private final Supplier<Traps> traps;
  private final Consumer<Moment> passing;
  private final Landing landing;
  private final OwnChecks ownChecks;
  private final BranchTurns turns = new BranchTurns(BranchTurns.PATIENCE);

  /**
   * @param inspector checks a branch
   * @param mainDatabase main, as a role that may write its tables and set {@code
   *     session_replication_role}
   * @param promotions the bookkeeping
   * @param recheck looks at the window between check and commit
   * @param markers the promotions seen in main's WAL
   * @param clock for receipts
   * @param traps rules of soundness that are switched off, asked at each promotion
   * @param ownChecks what promotions are held to besides
   */
  public Promoter(
      Inspector inspector,
      DataSource mainDatabase,
      Promotions promotions,
      Recheck recheck,
      Markers markers,
      Clock clock,
      Supplier<Traps> traps,
      OwnChecks ownChecks) {
    this(
        inspector,
        mainDatabase,
        promotions,
        recheck,
        markers,
        clock,
        traps,
        ownChecks,
        moment -> {});
  }

  Promoter(
      Inspector inspector,
      DataSource mainDatabase,
      Promotions promotions,
      Recheck recheck,
      Markers markers,
      Clock clock,
      Supplier<Traps> traps,
      OwnChecks ownChecks,
      Consumer<Moment> passing) {
    this.inspector = inspector;
    this.main = new MainWriter(mainDatabase);
    this.promotions = promotions;
    this.recheck = recheck;
    this.settlement = new Settlement(promotions, main, markers, clock);
    this.clock = clock;
    this.traps = traps;
    this.passing = passing;
    this.ownChecks = ownChecks;
    this.landing = new Landing(main, promotions, clock, passing);
  }

  /** Settles at start-up what a crash left open; what can't be, before it matters. */
  public void recover() {
    settlement.settleAll();
  }

  /**
   * What of a branch is on main now, after settling what a crash left open; empty while a promotion
   * of it is being written.
   */
  public Optional<Landed> landed(BranchId branch) {
    if (promotions.isOpen(branch) && turns.takeIfFree(branch)) {
      try {
        settlement.settle(branch);
      } finally {
        turns.giveBack(branch);
      }
    }
    boolean open = promotions.isOpen(branch);
    return open ? Optional.empty() : Optional.of(promotions.onMain().of(branch));
  }

  /**
   * Folds back what can be folded back.
   *
   * @throws AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY, CHECK_FAILED, MAIN_UNREACHABLE,
   *     REQUEST_INVALID, PROMOTE_REFUSED, FACT_UNKNOWN, FACT_CHANGED, CHOICE_INVALID, PLAN_UNKNOWN,
   *     those of {@link OwnChecks}; an expected ending is a {@link Promotion}
   */
  public Promotion promote(PromoteRequest request) {
    return run(
        request,
        run -> {
          ownChecks.requireAskable(run.assertions);
          run.decide();
          return run.promote();
        });
  }

  /** What a branch would land, for {@link BranchComparison}; nothing is kept of it. */
  Looked candidate(BranchName branch) {
    return run(PromoteRequest.look(branch), Run::looked);
  }

  /** What a promotion would do and ask; no receipt is kept of it. */
  public Promotion look(BranchName branch) {
    return run(PromoteRequest.look(branch), Run::look);
  }

  /** A branch's units, and what a promotion would do with each; nothing is kept of it. */
  public UnitsSeen units(BranchName branch, UnitsWanted wanted) {
    return run(PromoteRequest.look(branch), run -> run.units(wanted));
  }

  private <T> T run(PromoteRequest request, Function<Run, T> what) {
    CurrentCheck check = new CurrentCheck(inspector, main, request.branch(), traps.get());
    BranchId branch = check.inspection().branch().id();
    return settled(
        branch,
        request.branch(),
        request.dryRun() ? Purpose.LOOK : Purpose.WORK,
        () -> {
          turns.requireGoesOn(branch, request.branch());
          request.requireKnown(check.inspection());
          return what.apply(new Run(request, check));
        },
        _ -> false);
  }

  /**
   * Takes back what a promotion wrote, where main still has it, by a promotion of its own.
   *
   * @param dryRun true to see the plan and write nothing on main
   * @param skippedChecks names of checks of the users' own that are not run
   * @param shown the plan that was looked at, if only that one is wanted
   * @throws AnabranchException RECEIPT_UNKNOWN, one of UNDO, OWN_CHECK_UNKNOWN, BRANCH_BUSY,
   *     MAIN_UNREACHABLE, PROMOTE_REFUSED; an expected ending is a {@link Promotion}
   */
  public Promotion undo(
      String receipt, boolean dryRun, Set<String> skippedChecks, Optional<String> shown) {
    Origin origin = promotions.past(receipt).origin();
    return settled(
        origin.branch(),
        origin.name(),
        dryRun ? Purpose.LOOK : Purpose.WORK,
        () ->
            new Undo(
                    main,
                    promotions,
                    settlement,
                    landing,
                    ownChecks,
                    ownChecks.of(new OwnChecksAsked(List.of(), skippedChecks)),
                    main.systemIdentifier(),
                    clock,
                    promotions.past(receipt),
                    dryRun,
                    shown,
                    traps.get())
                .run(),
        _ -> false);
  }

  /**
   * Ends a branch's life in a way that hands its units over to another life: none of them is on
   * main, and none will be. After that no promotion of it begins, also none that has looked at it
   * before.
   *
   * @throws AnabranchException BRANCH_BUSY, or BRANCH_PROMOTED when something of it is on main
   */
  public <T> T retire(BranchId branch, BranchName name, Supplier<T> handOver) {
    return settled(
        branch,
        name,
        Purpose.WORK,
        () -> {
          turns.requireGoesOn(branch, name);
          if (!promotions.onMain().units(branch).isEmpty()) {
            throw new AnabranchException(ErrorCode.BRANCH_PROMOTED, name);
          }
          return handOver.get();
        },
        _ -> true);
  }

  /**
   * Lets somebody look at what a branch would land, checked, decided and planned each time as for
   * {@link #promote}, while nobody promotes it.
   *
   * @param isOver whether its work is another life's by then, so that none of it lands any more
   */
  public <T> T succeed(
      BranchName name,
      BranchId branch,
      Function<Function<PromoteRequest, Outlook>, T> what,
      Predicate<T> isOver) {
    return settled(branch, name, Purpose.WORK, () -> what.apply(this::outlook), isOver);
  }

  private Outlook outlook(PromoteRequest request) {
    CurrentCheck check = new CurrentCheck(inspector, main, request.branch(), traps.get());
    turns.requireGoesOn(check.inspection().branch().id(), request.branch());
    request.requireKnown(check.inspection());
    return new Run(request, check).outlook();
  }

  private <T> T settled(
      BranchId branch, Object name, Purpose purpose, Supplier<T> what, Predicate<T> isLast) {
    return turns.during(
        branch,
        name,
        purpose,
        () -> {
          settlement.settle(branch);
          return what.get();
        },
        isLast);
  }

  /** One promotion under way. */
  private final class Run {

    private final String id = UUID.randomUUID().toString();
    private final PromoteRequest request;
    private final ReceiptDraft draft;
    private final List<Rejection> rejections = new ArrayList<>();
    private final NumberPool pool = new NumberPool();
    private final Traps sprung = traps.get();
    private final Optional<Kept> approved;
    private final Set<Long> accepted;
    private final Assertions assertions;
    private final Rerunning rerunning = new Rerunning();
    private final CurrentCheck check;
    private int waits;

    private Run(PromoteRequest request, CurrentCheck check) {
      this.request = request;
      this.check = check;
      BranchId branch = check.inspection().branch().id();
      this.approved =
          request.plan().map(id -> promotions.plans().get(branch, request.branch(), id));
      this.assertions = ownChecks.of(request.ownChecks(), request.plan(), approved);
      approved.ifPresent(kept -> rejections.addAll(kept.refused()));
      this.draft = new ReceiptDraft(id, request, assertions, main.systemIdentifier(), clock);
      this.accepted = new HashSet<>(request.accept());
      approved.ifPresent(kept -> accepted.addAll(decided().accepted(inspection(), kept)));
    }

    private Inspection inspection() {
      return check.inspection();
    }

    /** What is decided counts from now on, whatever comes of this promotion. */
    private void decide() {
      if (!request.decide().isEmpty()) {
        List<Unit> pending = pending();
        Deciding.keep(request, inspection(), plan(pending), pending, promotions, clock.instant());
      }
    }

    private Promotion look() {
      Plan plan = plan(pending());
      keepPlan(plan);
      passing.accept(Moment.LOOKED);
      return draft.promotion(draft.unwritten(inspection(), plan), inspection());
    }

    private Outlook outlook() {
      decide();
      Plan plan = plan(pending());
      keepPlan(plan);
      return new Outlook(
          inspection(),
          plan,
          draft.promotion(draft.unwritten(inspection(), plan), inspection()),
          promotions.onMain().of(inspection().branch().id()),
          () -> main.definitions().equals(check.definitions()));
    }

    private UnitsSeen units(UnitsWanted wanted) {
      return UnitsSeen.of(inspection(), plan(pending()), promotions.undoings(), wanted);
    }

    private Looked looked() {
      Plan plan = plan(pending());
      return new Looked(
          draft.promotion(draft.unwritten(inspection(), plan), inspection()),
          candidate(plan),
          assertions);
    }

    private Promotion promote() {
      String why = "";
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        List<Unit> pending = pending();
        Plan plan = plan(pending);
        if (isAnother(plan)) {
          return another(plan);
        }
        if (pending.isEmpty() || request.dryRun() || plan.changes().isEmpty()) {
          return withoutWriting(plan);
        }
        switch (write(plan)) {
          case Attempt.Committed(Lsn at, Numbered numbered, boolean fenced) -> {
            return landed(plan, numbered, at, fenced);
          }
          case Attempt.Moved(String reason) -> why = reason;
          case Attempt.Locked(String reason) -> {
            why = reason;
            waits++;
          }
          case Attempt.Refused(List<Rejection> refused) -> {
            why = refused.getFirst().sentence();
            // What is planned otherwise now was refused for what main did after the plan.
            if (attempt >= Landing.SECOND_LOOKS || plan.isMadeOnTheSame(plan(pending))) {
              rejections.addAll(refused);
            }
          }
          case Attempt.Unmet ignored -> {
            return notWanted(plan);
          }
          case Attempt.InDoubt(Set<Long> answers) -> {
            why = "main wrote to what answers " + new TreeSet<>(answers) + " rest on";
            check.afterMoving(answers);
          }
          case Attempt.Redefined ignored -> {
            why = "main defines something otherwise each time it was checked";
            check.afterRedefining(vouched(plan).answers());
          }
          case Attempt.Unknown(String reason) -> {
            Optional<Receipt> settled = settlement.settle(inspection().branch().id());
            if (settled.isPresent()) {
              return draft.promotion(settled.get(), inspection());
            }
            why = reason;
          }
        }
      }
      return refused(why);
    }

    private boolean isAnother(Plan plan) {
      return request.plan().filter(id -> !id.equals(plan.digest())).isPresent()
          && !sprung.has(Trap.ANY_PLAN_WILL_DO);
    }

    /** What would land now is not what was approved: nothing does, and it can be approved. */
    private Promotion another(Plan plan) {
      keepPlan(plan);
      return notWanted(plan)
          .with(PlanDifference.between(approved.orElseThrow().parts(), PlanParts.of(plan)));
    }

    /** What would land is not what was approved, or not as the users' own checks want it. */
    private Promotion notWanted(Plan plan) {
      Receipt receipt = draft.another(inspection(), plan);
      promotions.keep(Origin.of(inspection()), receipt);
      return draft.promotion(receipt, inspection());
    }

    private void keepPlan(Plan plan) {
      promotions
          .plans()
          .keep(
              inspection().branch().id(),
              plan.digest(),
              Kept.of(plan, accepted, assertions.toRun(), rejections, shownAsOf(untold(plan))),
              request.ownChecks().given(),
              clock.instant());
    }

    private DecisionsNow decided() {
      return new DecisionsNow(promotions.decisions(), recheck, sprung);
    }

    private List<Unit> pending() {
      return inspection().unitsBut(promotions.onMain().units(inspection().branch().id()));
    }

    private Plan plan(List<Unit> asMade) {
      Decisions decisions =
          new Decisions(inspection().branch().id(), decided().of(inspection()), sprung);
      Offers offers = rerunning.of(inspection(), asMade, accepted, decisions);
      List<Unit> pending = Offers.applied(asMade, offers.came(), offers.chosen());
      List<Renumbering> earlier = promotions.onMain().renumberings(inspection().branch().id());
      Plan plan = planned(decisions, offers, pending, earlier);
      Set<Long> untold = untold(plan);
      return untold.isEmpty() ? plan : plan.shownAsOf(shownAsOf(untold));
    }

    private Set<Long> untold(Plan plan) {
      return DecisionsNow.untold(inspection(), plan, plan.accepted());
    }

    private Lsn shownAsOf(Set<Long> untold) {
      if (untold.isEmpty()) {
        return inspection().report().asOf();
      }
      Optional<Lsn> before =
          approved
              .map(Kept::asOf)
              .or(() -> promotions.plans().shown(inspection().branch().id(), untold));
      return decided().shownAsOf(inspection(), untold, before);
    }

    private Plan planned(
        Decisions decisions, Offers offers, List<Unit> pending, List<Renumbering> earlier) {
      return main.plan(
          RightsNeeded.of(pending, earlier),
          inspection().shapesAtFork(),
          inspection().ground(),
          inspection().drawn().keySet(),
          (definitions, sequences) ->
              new PromotionPlanner(
                  new PlanInput(
                      inspection().report(),
                      pending,
                      inspection().provenance(),
                      inspection().shapesAtFork(),
                      inspection().alteredOnBranch(),
                      inspection().obstructed(),
                      inspection().drawn(),
                      pool.asBefore(sequences),
                      definitions,
                      earlier,
                      accepted,
                      decisions,
                      rejections,
                      sprung,
                      offers)),
          sprung);
    }

    private Candidate candidate(Plan plan) {
      return new Candidate(
          plan,
          refused -> {
            rejections.addAll(refused);
            return plan(pending());
          },
          inspection().provenance()::searchPath,
          sprung);
    }

    private Promotion withoutWriting(Plan planned) {
      boolean tried = planned.hasValuesByHand() || !assertions.toRun().isEmpty();
      Plan plan =
          request.dryRun() && tried ? ownChecks.rehearse(candidate(planned), assertions) : planned;
      if (request.dryRun()) {
        keepPlan(plan);
      }
      Receipt receipt = draft.unwritten(inspection(), plan);
      boolean lands = !request.dryRun() && !plan.landing().isEmpty();
      promotions.keep(Origin.of(inspection()), receipt, lands, plan.alsoChanged());
      return draft.promotion(receipt, inspection());
    }

    private Attempt write(Plan plan) {
      Vouched vouched = vouched(plan);
      if (request.strict()) {
        vouched.requireKnown();
      }
      try (LatestLook look = look(vouched)) {
        return landing.write(
            new Landing.Load(
                id,
                Origin.of(inspection()),
                draft.mainSystem(),
                plan,
                inspection().ground(),
                fence(vouched, look),
                new WriteManner(request.strict(), waits >= LOCK_WAITS),
                sprung.has(Trap.FORGET_DRAWN_NUMBERS) ? new NumberPool() : pool,
                inspection().provenance()::searchPath,
                sprung,
                assertions,
                numbered -> draft.written(inspection(), plan, numbered)));
      }
    }

    private LatestLook look(Vouched vouched) {
      return new LatestLook(recheck, inspection(), vouched, this::time);
    }

    private Instant time() {
      return sprung.has(Trap.CLOCK_STANDS_STILL) ? Instant.MIN : clock.instant();
    }

    private Fence fence(Vouched vouched, Fence.Look look) {
      boolean shut = sprung.has(Trap.WINDOW_IS_SHUT);
      return new Fence(
          vouched.tables(),
          vouched.answers(),
          shut ? Optional.empty() : Optional.of(check.definitions()),
          shut ? (upTo, patience) -> Set.of() : look,
          Fence.patience(request.strict()));
    }

    private Vouched vouched(Plan plan) {
      return Vouched.by(plan, accepted, inspection().provenance());
    }

    private Promotion landed(Plan plan, Numbered numbered, Lsn at, boolean fenced) {
      Instant time = time();
      passing.accept(Moment.COMMITTED_ON_MAIN);
      Receipt receipt = draft.committed(draft.written(inspection(), plan, numbered), at);
      promotions.landed(id, at, receipt);
      passing.accept(Moment.LANDED_STORED);
      Vouched vouched = vouched(plan);
      Set<Long> moved = vouched.movedBy(inspection(), time);
      Receipt verified =
          fenced && moved.isEmpty() && vouched.unknown().isEmpty()
              ? draft.fenced(receipt)
              : new LookBack(id, draft, settlement, () -> look(vouched))
                  .at(receipt, at, fenced ? vouched.unknown() : vouched.answers(), moved);
      promotions.landed(id, Lsn.parse(verified.committed().orElseThrow()), verified);
      return draft.promotion(verified, inspection());
    }

    private Promotion refused(String why) {
      Receipt receipt = draft.refused(inspection(), pending().stream().map(Unit::id).toList(), why);
      promotions.keep(Origin.of(inspection()), receipt);
      return draft.promotion(receipt, inspection());
    }
  }
}
