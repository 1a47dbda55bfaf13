package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Key;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Deletion;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.check.Caller;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffRequest;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Withheld;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.promote.AtStake;
import dev.anabranch.promote.CompareRequest;
import dev.anabranch.promote.Compared;
import dev.anabranch.promote.KeptRule;
import dev.anabranch.promote.OwnCheck;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.ReceiptSummary;
import dev.anabranch.promote.RuleProposal;
import dev.anabranch.promote.UnitsSeen;
import dev.anabranch.promote.UnitsWanted;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.sync.Sync;
import dev.anabranch.promote.sync.Synced;
import dev.anabranch.server.health.Readiness;
import dev.anabranch.server.health.ServerHealth;
import dev.anabranch.server.http.ApiJson;
import dev.anabranch.server.http.Glance;
import dev.anabranch.server.http.Operations;
import dev.anabranch.server.http.Released;
import dev.anabranch.server.http.StatusHistory;
import dev.anabranch.server.watch.Listener;
import dev.anabranch.server.watch.Watches;
import dev.anabranch.server.webhook.Webhooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations on the running parts.
 *
 * @param parts what runs
 * @param metrics where durations go
 * @param embeddedMainUrl empty when main is somebody else's
 * @param gatewayAddress host and port that clients connect to
 * @param use shared by all that works with main
 * @param watches who listens to branches
 * @param webhooks who is told of them
 * @param health how they do
 * @param lastHour how they did
 * @param ending lets the server end
 */
record ServerOperations(
    ServerComponents parts,
    Metrics metrics,
    Optional<String> embeddedMainUrl,
    GatewayAddress gatewayAddress,
    MainUse use,
    Watches watches,
    Webhooks webhooks,
    ServerHealth health,
    LastHour lastHour,
    Runnable ending)
    implements Operations {

  private static final Logger LOG = LoggerFactory.getLogger(ServerOperations.class);

  /**
   * A transaction on main that began before its table was watched may take longer; the fork does
   * not wait for it.
   */
  private static final Duration WATCH_PATIENCE = Duration.ofSeconds(5);

  /** How many branches a refusal names. */
  private static final int BRANCHES_NAMED = 5;

  /** Where clients connect to branches. */
  record GatewayAddress(String host, int port) {}

  @Override
  public Branch create(BranchRequest request) {
    return use.during(() -> {
      watchBefore(request.point());
      return metrics.creates().record(() -> parts.branches().create(request));
    });
  }

  /**
   * Tables made a moment ago are watched from before the fork point on: else answers on them would
   * all be asked again.
   */
  private void watchBefore(BranchPoint point) {
    if (point instanceof BranchPoint.Now && !parts.feedConnection().awaitWatched(WATCH_PATIENCE)) {
      LOG.info(
          "Some tables are not watched yet, because transactions on main are still writing to"
              + " them");
    }
  }

  @Override
  public List<Branch> list() {
    return parts.branches().list();
  }

  @Override
  public Branch get(BranchName name) {
    return parts.branches().get(name);
  }

  @Override
  public String url(Branch branch) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            branch.name(),
            branch.password(),
            gatewayAddress.host(),
            gatewayAddress.port(),
            branch.name());
  }

  @Override
  public List<Branch> deleted() {
    return parts.branches().deleted();
  }

  @Override
  public Optional<Instant> goneAt(Branch branch) {
    return parts.branches().goneAt(branch);
  }

  @Override
  public Deletion delete(BranchName name, boolean cascade, boolean now) {
    Deletion deletion = parts.branches().delete(name, cascade, now);
    deletion.branches().forEach(branch -> parts.disconnect(branch, "the branch was deleted"));
    parts.dropUnused();
    return deletion;
  }

  @Override
  public Branch undelete(BranchName name, BranchName as, Optional<Lifetime> lifetime) {
    return parts.branches().undelete(name, as, lifetime);
  }

  @Override
  public Branch rename(BranchName name, BranchName next) {
    return parts.branches().rename(name, next);
  }

  @Override
  public Branch setProtected(BranchName name, boolean on) {
    return parts.branches().setProtected(name, on);
  }

  @Override
  public Branch newPassword(BranchName name) {
    Branch branch = parts.branches().newPassword(name);
    parts.disconnect(branch, "the branch has a new password");
    return branch;
  }

  @Override
  public Branch suspend(BranchName name) {
    return parts.branches().suspend(name, parts.log()::drain);
  }

  @Override
  public Branch resume(BranchName name) {
    parts.branches().open(name);
    return get(name);
  }

  @Override
  public Branch reset(BranchName name, Optional<BranchPoint> point) {
    Branch before = get(name);
    Branch after =
        use.during(() -> {
          point.ifPresent(this::watchBefore);
          return point.isPresent()
              ? parts.branches().reset(name, point.get())
              : parts.branches().reset(name);
        });
    parts.disconnect(before, "the branch was reset");
    parts.dropUnused();
    return after;
  }

  @Override
  public Branch restore(BranchName name, PastPoint point) {
    Branch before = get(name);
    Branch after =
        use.during(
            () -> parts.promoter().retire(before.id(), name, () -> parts.restore(before, point)));
    parts.disconnect(before, "the branch was restored");
    parts.dropUnused();
    return after;
  }

  @Override
  public Synced sync(PromoteRequest request) {
    Branch before = get(request.branch());
    watchBefore(new BranchPoint.Now());
    Synced synced = use.during(() -> Sync.run(parts.syncing(), request));
    if (synced.now().isPresent()) {
      parts.disconnect(before, "the branch was synced");
      parts.dropUnused();
    }
    return synced;
  }

  @Override
  public List<Answer> answers(BranchName name) {
    Branch branch = get(name);
    ServerComponents.flush(parts.gateway(), branch.id());
    return Withheld.together(parts.ledger().answers(branch.id()));
  }

  @Override
  public CheckReport check(BranchName name, Optional<Duration> wait) {
    Branch branch = get(name);
    CheckReport report =
        use.during(() ->
            metrics.check(() ->
                wait.isPresent()
                    ? parts.checker().check(branch, wait.get())
                    : parts.checker().check(branch)));
    parts.glances().checked(branch.id(), report);
    return report;
  }

  @Override
  public Map<Evidence, LastWrite> lastWrites(Collection<Evidence> rows) {
    Map<Evidence, FeedStore.RowName> names = new HashMap<>();
    rows.forEach(row ->
        names.put(
            row, new FeedStore.RowName(row.table(), new Key(List.copyOf(row.key().values())))));
    Map<FeedStore.RowName, LastWrite> found = parts.feed().lastWrites(names.values());
    Map<Evidence, LastWrite> writes = new HashMap<>();
    names.forEach((row, name) -> {
      LastWrite write = found.get(name);
      if (write != null) {
        writes.put(row, write);
      }
    });
    return writes;
  }

  @Override
  public Diff diff(DiffRequest request) {
    return use.during(() -> parts.branches().withoutWaking(() -> parts.differ().diff(request)));
  }

  @Override
  public Listener listen(BranchName name, Caller caller) {
    return watches.listen(name, caller);
  }

  @Override
  public Promotion promote(PromoteRequest request) {
    Metrics.Kind kind = request.dryRun() ? Metrics.Kind.DRY_RUN : Metrics.Kind.PROMOTION;
    return seen(
        request.branch(),
        () -> use.during(() -> metrics.promotion(kind, () -> parts.promoter().promote(request))));
  }

  @Override
  public Promotion facts(BranchName name) {
    return seen(
        name,
        () ->
            use.during(() ->
                metrics.promotion(
                    Metrics.Kind.LOOK,
                    () -> parts.branches().withoutWaking(() -> parts.promoter().look(name)))));
  }

  @Override
  public UnitsSeen units(BranchName name, UnitsWanted wanted) {
    return use.during(
        () -> parts.branches().withoutWaking(() -> parts.promoter().units(name, wanted)));
  }

  /** The log of one that sleeps was read before it was stopped. */
  @Override
  public AtStake atStake(BranchName name) {
    Branch branch = get(name);
    if (branch.state() == Branch.State.READY) {
      readLog(branch);
    }
    return AtStake.of(
        branch,
        parts.ledger().unitIds(branch.id()),
        parts.promotions(),
        list().stream()
            .filter(other -> other.parent().equals(Optional.of(name)))
            .map(Branch::id)
            .toList());
  }

  private void readLog(Branch branch) {
    parts
        .branches()
        .withoutWaking(() -> {
          try (Connection connection = parts.branches().connectAsOwner(branch)) {
            BranchLog.flush(connection);
            return parts.log().drain(branch);
          } catch (SQLException e) {
            throw new AnabranchException(
                ErrorCode.POSTGRES_FAILED,
                e,
                "reading a branch's WAL",
                String.valueOf(e.getMessage()));
          }
        });
  }

  /** Of this life of the branch it is known from then on what there is to decide. */
  private Promotion seen(BranchName name, Supplier<Promotion> promotion) {
    Branch branch = get(name);
    Promotion ended = promotion.get();
    parts.glances().looked(branch.id(), ended);
    return ended;
  }

  @Override
  public Glance glance(Branch branch) {
    return parts.glances().of(branch.id());
  }

  @Override
  public String receipt(String id) {
    return ApiJson.receipt(parts.promotions().receipt(id), parts.promotions().undoUntil(id));
  }

  @Override
  public List<ReceiptSummary> receipts(BranchName name) {
    Optional<Branch> there =
        list().stream().filter(branch -> branch.name().equals(name)).findFirst();
    List<ReceiptSummary> receipts =
        parts.promotions().receipts(name.value(), there.map(Branch::id));
    if (receipts.isEmpty() && there.isEmpty()) {
      throw new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name);
    }
    return receipts;
  }

  @Override
  public Promotion undo(
      String receipt, boolean dryRun, Set<String> skippedChecks, Optional<String> shown) {
    Metrics.Kind kind = dryRun ? Metrics.Kind.DRY_RUN : Metrics.Kind.UNDO;
    return use.during(() ->
        metrics.promotion(
            kind, () -> parts.promoter().undo(receipt, dryRun, skippedChecks, shown)));
  }

  @Override
  public List<OwnCheck> ownChecks() {
    return parts.ownChecks().kept().all();
  }

  @Override
  public OwnCheck ownCheck(String name) {
    return parts.ownChecks().kept().get(name);
  }

  @Override
  public OwnCheck setOwnCheck(Assertion assertion, String who) {
    return use.during(() -> parts.ownChecks().set(assertion, who));
  }

  @Override
  public void deleteOwnCheck(String name) {
    parts.ownChecks().kept().delete(name);
  }

  @Override
  public List<KeptRule> mergeRules() {
    return parts.mergeRules().kept().all();
  }

  @Override
  public KeptRule setMergeRule(String column, String rule, String who) {
    return use.during(() -> parts.mergeRules().set(column, rule, who));
  }

  @Override
  public KeptRule unsetMergeRule(String column, String who) {
    return use.during(() -> parts.mergeRules().unset(column, who));
  }

  @Override
  public List<RuleProposal> inferMergeRules() {
    return use.during(() -> parts.mergeRules().infer());
  }

  @Override
  public List<Compared> compare(CompareRequest request) {
    return use.during(() -> parts.comparison().compare(request));
  }

  @Override
  public String mainUrl() {
    return embeddedMainUrl.orElseThrow(() -> new AnabranchException(ErrorCode.MAIN_NOT_OURS));
  }

  @Override
  public Released releaseMain(boolean force) {
    return use.release(
        () -> {
          if (!force) {
            requireNoBranches();
          }
        },
        parts::release);
  }

  private void requireNoBranches() {
    List<String> left = parts.branchNames();
    if (!left.isEmpty()) {
      String names =
          left.stream().limit(BRANCHES_NAMED).collect(Collectors.joining("', '", "'", "'"));
      throw new AnabranchException(
          ErrorCode.MAIN_STILL_NEEDED,
          left.size() <= BRANCHES_NAMED
              ? (left.size() == 1 ? "branch " : "branches ") + names
              : left.size() + " branches, such as " + names);
    }
  }

  @Override
  public List<String> unwatch(String table) {
    return use.during(() -> parts.feedConnection().unwatch(table));
  }

  @Override
  public List<String> watch(String table) {
    return use.during(() -> parts.feedConnection().watch(table));
  }

  @Override
  public void end() {
    ending.run();
  }

  @Override
  public Map<String, Map<String, Object>> status() {
    Map<String, Map<String, Object>> status = use.during(() -> parts.status(health));
    status.put("verdicts", metrics.verdictsGiven());
    return status;
  }

  @Override
  public StatusHistory statusHistory() {
    return lastHour.told();
  }

  @Override
  public Readiness readiness() {
    return health.readiness();
  }

  @Override
  public void failed(ErrorCode code) {
    metrics.failed(code);
  }

  @Override
  public String measurements() {
    return metrics.text();
  }
}
