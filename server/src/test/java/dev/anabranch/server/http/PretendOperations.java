package dev.anabranch.server.http;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.BranchRequest;
import dev.anabranch.branch.Deletion;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.check.Caller;
import dev.anabranch.check.diff.Diff;
import dev.anabranch.check.diff.DiffRequest;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.ResultColumn;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import dev.anabranch.mainfeed.LastWrite;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.verdict.AskedBecause;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.NextFlip;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.AtStake;
import dev.anabranch.promote.CompareRequest;
import dev.anabranch.promote.Compared;
import dev.anabranch.promote.KeptRule;
import dev.anabranch.promote.OwnCheck;
import dev.anabranch.promote.PromoteRequest;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.ReceiptSummary;
import dev.anabranch.promote.RuleProposal;
import dev.anabranch.promote.UnitSeen;
import dev.anabranch.promote.UnitsSeen;
import dev.anabranch.promote.UnitsWanted;
import dev.anabranch.promote.assertion.Assertion;
import dev.anabranch.promote.assertion.AssertionResult;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import dev.anabranch.promote.sync.Synced;
import dev.anabranch.server.health.Readiness;
import dev.anabranch.server.watch.Listener;
import dev.anabranch.server.watch.Watches;
import dev.anabranch.server.webhook.MemoryWebhooks;
import dev.anabranch.server.webhook.Webhooks;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Operations in memory: Alice's 47 that became 48, and whatever branches a test creates. */
final class PretendOperations implements Operations {

  static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private static final Lsn FORK = Lsn.parse("0/3A0");
  private static final Lsn AS_OF = Lsn.parse("0/51F8");

  private final Map<BranchName, Branch> branches =
      new ConcurrentSkipListMap<>((a, b) -> a.value().compareTo(b.value()));
  final List<BranchRequest> requests = new ArrayList<>();
  private final List<Branch> deleted = new ArrayList<>();
  final List<String> asked = new ArrayList<>();
  final List<ErrorCode> failures = new CopyOnWriteArrayList<>();
  volatile Readiness readiness = new Readiness(true, List.of());
  private final List<OwnCheck> ownChecks = new ArrayList<>();
  private final List<KeptRule> rules = new ArrayList<>();
  final List<PromoteRequest> promotions = new ArrayList<>();
  private final Watches watches = new Watches(new PretendWatched(this), () -> NOW);
  private final Webhooks webhooks = new Webhooks(new MemoryWebhooks(), () -> NOW);
  final CountDownLatch answered = new CountDownLatch(1);
  final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  @Override
  public Webhooks webhooks() {
    return webhooks;
  }

  @Override
  public Branch create(BranchRequest request) {
    requests.add(request);
    if (branches.containsKey(request.name())) {
      throw new AnabranchException(ErrorCode.BRANCH_EXISTS, request.name());
    }
    Branch branch =
        new Branch(
            new BranchId(1),
            request.name(),
            Branch.State.READY,
            FORK,
            NOW,
            request.lifetime(),
            request.parent(),
            "app",
            "anabranch_client",
            "secret",
            request.ephemeral(),
            NOW,
            request.owner(),
            request.madeWith(),
            request.isProtected(),
            request.taskBy(),
            Optional.empty());
    branches.put(request.name(), branch);
    return branch;
  }

  @Override
  public List<Branch> list() {
    return List.copyOf(branches.values());
  }

  @Override
  public Branch get(BranchName name) {
    return Optional.ofNullable(branches.get(name))
        .orElseThrow(() -> new AnabranchException(ErrorCode.BRANCH_UNKNOWN, name));
  }

  @Override
  public String url(Branch branch) {
    return "postgresql://" + branch.name() + ":secret@127.0.0.1:6432/" + branch.name();
  }

  @Override
  public Glance glance(Branch branch) {
    return asked.isEmpty()
        ? Glance.NOTHING
        : new Glance(
            Optional.of(new Glance.Measured(new DiskUse(4096, 8192), NOW)),
            Optional.of(new Glance.Verdicts(new CheckReport.Counts(1, 2, 0), AS_OF, NOW)),
            Optional.of(new Glance.Waiting(3, AS_OF, NOW)));
  }

  @Override
  public Map<Evidence, LastWrite> lastWrites(Collection<Evidence> rows) {
    Map<Evidence, LastWrite> writes = new HashMap<>();
    rows.forEach(row -> writes.put(row, new LastWrite(AS_OF, Optional.of(NOW))));
    return writes;
  }

  @Override
  public UnitsSeen units(BranchName name, UnitsWanted wanted) {
    get(name);
    return new UnitsSeen(
        name,
        AS_OF,
        Map.of(UnitSeen.State.HELD, 1),
        List.of(
            new UnitSeen(
                29,
                NOW,
                UnitSeen.State.HELD,
                "4fd1",
                "order pallets",
                List.of(17L),
                List.of(17L),
                List.of("a17"),
                List.of(new UnitSeen.RowCount("public.notes", 1, 0, 0, false)),
                Optional.empty())),
        List.of(),
        wanted.after());
  }

  @Override
  public StatusHistory statusHistory() {
    return new StatusHistory(
        15,
        List.of(NOW),
        List.of(
            new StatusHistory.MeasuredSeries(
                "checks",
                "checks",
                "anabranch_checks_total",
                "perMinute",
                Collections.singletonList(null))));
  }

  @Override
  public List<Branch> deleted() {
    return List.copyOf(deleted);
  }

  @Override
  public Optional<Instant> goneAt(Branch branch) {
    return deleted.contains(branch) ? Optional.of(NOW) : Optional.empty();
  }

  @Override
  public Deletion delete(BranchName name, boolean cascade, boolean now) {
    if (get(name).isProtected()) {
      throw new AnabranchException(ErrorCode.BRANCH_PROTECTED, name, name);
    }
    asked.add("delete " + name + (cascade ? " cascade" : "") + (now ? " now" : ""));
    Branch gone = Optional.ofNullable(branches.remove(name)).orElseThrow();
    deleted.add(gone);
    return new Deletion(List.of(gone), now ? Optional.empty() : Optional.of(NOW));
  }

  @Override
  public Branch undelete(BranchName name, BranchName as, Optional<Lifetime> lifetime) {
    asked.add(
        "undelete "
            + name
            + " as "
            + as
            + " for "
            + lifetime.map(Object::toString).orElse("as long"));
    return get(as);
  }

  @Override
  public Branch rename(BranchName name, BranchName next) {
    asked.add("rename " + name + " to " + next);
    return get(name);
  }

  @Override
  public Branch setProtected(BranchName name, boolean on) {
    asked.add("protect " + name + " " + on);
    return get(name);
  }

  @Override
  public Branch newPassword(BranchName name) {
    asked.add("new password " + name);
    return get(name);
  }

  @Override
  public Branch suspend(BranchName name) {
    asked.add("suspend " + name);
    return get(name);
  }

  @Override
  public Branch resume(BranchName name) {
    asked.add("resume " + name);
    return get(name);
  }

  @Override
  public Branch reset(BranchName name, Optional<BranchPoint> point) {
    return get(name);
  }

  @Override
  public Branch restore(BranchName name, PastPoint point) {
    return get(name);
  }

  @Override
  public Synced sync(PromoteRequest request) {
    throw new AnabranchException(ErrorCode.SYNC_REFUSED, request.branch(), "it is pretended");
  }

  @Override
  public List<Answer> answers(BranchName name) {
    get(name);
    return List.of(
        answer(17, "SELECT count(*) FROM orders WHERE customer = $1"), answer(18, "SELECT 1"));
  }

  private static Answer answer(long id, String sql) {
    Question question =
        new Question(sql, List.of(new Parameter(25, Optional.of("alice"), true)), new TreeMap<>());
    List<@org.jspecify.annotations.Nullable String> row = new ArrayList<>();
    row.add("47");
    Result result =
        new Result(
            List.of(new ResultColumn("count", 20, 0, 0)),
            1,
            true,
            true,
            1,
            1,
            Optional.of(List.of(row)));
    return new Answer(
        id,
        new BranchId(1),
        new UUID(0, 1),
        new Task.SessionAlone(),
        1,
        1,
        new Span(1, 2),
        new OwnWrites.None(),
        question,
        result,
        "SELECT 1",
        NOW);
  }

  @Override
  public CheckReport check(BranchName name, Optional<Duration> wait) {
    List<Answer> answers = answers(name);
    List<@org.jspecify.annotations.Nullable String> now = new ArrayList<>();
    now.add("48");
    Verdict changed =
        new Verdict.Changed(
            Proof.RERUN,
            "1 row entered",
            Optional.of(List.of(now)),
            "",
            List.of(new Evidence("public.orders", Map.of("id", "9001"), Evidence.Kind.INSERT)));
    return new CheckReport(
        FORK,
        AS_OF,
        List.of(
            new CheckReport.Judged(
                answers.get(0),
                changed,
                false,
                Optional.empty(),
                Optional.of(AskedBecause.ROWS_CHANGED)),
            new CheckReport.Judged(
                answers.get(1),
                new Verdict.Holds(Proof.UNTOUCHED, "nothing it read was changed"),
                false,
                Optional.of(new NextFlip(NOW.plusSeconds(60), NextFlip.How.FOUND)))),
        7);
  }

  @Override
  public Diff diff(DiffRequest request) {
    throw new AnabranchException(
        ErrorCode.DIFF_UNIT_UNKNOWN, request.branch(), 99, request.branch());
  }

  @Override
  public Listener listen(BranchName name, Caller caller) {
    return watches.listen(name, caller);
  }

  @Override
  public Promotion promote(PromoteRequest request) {
    promotions.add(request);
    Fact fact =
        new Fact(
            "3fa9c1d2e4",
            Fact.Kind.ANSWER,
            Fact.Nature.MEANING,
            "00ff00ff00ff00ff",
            "answer 17 was 47, is 48, because order 9001 arrived",
            Optional.of(17L),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(29L, 30L),
            List.of("psql as ann"),
            List.of("accept", "drop"),
            Optional.empty());
    return new Promotion(
        request.branch(),
        Promotion.Outcome.PARTIAL,
        AS_OF,
        Optional.empty(),
        new Promotion.UnitCounts(40, 28, 12, 0),
        List.of(fact),
        List.of(new NotRelied(18, "changed", "answer 18 was 3, is 4", "psql as ann")),
        List.of(19L),
        List.of("public.orders.audit"),
        "r1",
        "9c0ffee",
        Optional.empty(),
        List.of(
            AssertionResult.failed(
                "no-negative-stock", 12, List.of("id"), List.of(List.of("1")), false)));
  }

  @Override
  public Promotion facts(BranchName name) {
    return promote(PromoteRequest.look(name));
  }

  @Override
  public String receipt(String id) {
    throw new AnabranchException(ErrorCode.RECEIPT_UNKNOWN, id);
  }

  @Override
  public List<ReceiptSummary> receipts(BranchName name) {
    return List.of(
        new ReceiptSummary(
            "r1",
            name.value(),
            Instant.EPOCH,
            Instant.EPOCH,
            "partial",
            false,
            Optional.of("0/2A"),
            new Promotion.UnitCounts(40, 28, 12, 0),
            Optional.empty(),
            28,
            List.of("r2"),
            Optional.of(Instant.EPOCH),
            false));
  }

  @Override
  public AtStake atStake(BranchName name) {
    return new AtStake(get(name).name(), "5eed", 2, 1, 0, 0);
  }

  @Override
  public List<KeptRule> mergeRules() {
    return List.copyOf(rules);
  }

  @Override
  public KeptRule setMergeRule(String column, String rule, String who) {
    KeptRule kept =
        new KeptRule(
            column,
            new TableId(16384),
            2,
            rule,
            rules.size() + 1L,
            who,
            Instant.EPOCH,
            List.of("CHECK ((qty >= 0))"));
    rules.add(kept);
    return kept;
  }

  @Override
  public KeptRule unsetMergeRule(String column, String who) {
    rules.removeIf(rule -> rule.column().equals(column));
    return new KeptRule(column, new TableId(16384), 2, "value", 9, who, Instant.EPOCH, List.of());
  }

  @Override
  public List<RuleProposal> inferMergeRules() {
    return List.of(new RuleProposal("public.item.tags", "set", "an array"));
  }

  @Override
  public List<OwnCheck> ownChecks() {
    return List.copyOf(ownChecks);
  }

  @Override
  public OwnCheck ownCheck(String name) {
    return ownChecks.stream()
        .filter(check -> check.assertion().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AnabranchException(ErrorCode.OWN_CHECK_UNKNOWN, name));
  }

  @Override
  public OwnCheck setOwnCheck(Assertion assertion, String who) {
    OwnCheck check = new OwnCheck(assertion, who, Instant.EPOCH);
    ownChecks.add(check);
    return check;
  }

  @Override
  public void deleteOwnCheck(String name) {
    ownChecks.remove(ownCheck(name));
  }

  @Override
  public List<Compared> compare(CompareRequest request) {
    return request.branches().stream()
        .map(branch ->
            new Compared(
                branch,
                Optional.of(BigDecimal.valueOf(branch.value().length())),
                AS_OF,
                new Promotion.UnitCounts(2, 1, 1, 0),
                1,
                List.of(AssertionResult.passed("no-negative-stock", 1)),
                "9c0ffee"))
        .toList();
  }

  @Override
  public Promotion undo(
      String receipt, boolean dryRun, Set<String> skippedChecks, Optional<String> shown) {
    if (!receipt.equals("r1")) {
      throw new AnabranchException(ErrorCode.UNDO_TWICE, receipt, "r2");
    }
    return new Promotion(
        new BranchName("alice"),
        Promotion.Outcome.LANDED,
        AS_OF,
        dryRun ? Optional.empty() : Optional.of(AS_OF),
        new Promotion.UnitCounts(28, 28, 0, 0),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        "r2",
        "",
        Optional.empty(),
        List.of());
  }

  @Override
  public String mainUrl() {
    return "postgresql://postgres:x@127.0.0.1:1/app";
  }

  @Override
  public Released releaseMain(boolean force) {
    if (!force && !branches.isEmpty()) {
      throw new AnabranchException(ErrorCode.MAIN_STILL_NEEDED, "branch 'alice'");
    }
    return new Released(List.of("slot"), List.of("publication"), List.of());
  }

  @Override
  public List<String> unwatch(String table) {
    if (table.equals("nothing")) {
      throw new AnabranchException(ErrorCode.MAIN_TABLE_UNKNOWN, table);
    }
    return List.of("public." + table);
  }

  @Override
  public List<String> watch(String table) {
    return unwatch(table);
  }

  /** True, when the caller had its answer before this server's end. */
  @Override
  public void end() {
    try {
      ended.complete(answered.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Map<String, Map<String, Object>> status() {
    return Map.of(
        "mirror",
        Map.of("state", "streaming"),
        "verdicts",
        Map.of("undecidedBecause", Map.of("ties", 1)));
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public void failed(ErrorCode code) {
    failures.add(code);
  }

  @Override
  public String measurements() {
    return "anabranch_branches 1\n";
  }
}
