package dev.anabranch.server;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.golden.GoldenImage;
import dev.anabranch.branch.golden.GoldenImages;
import dev.anabranch.branch.history.History;
import dev.anabranch.branch.history.PastPoint;
import dev.anabranch.branch.mirror.Mirror;
import dev.anabranch.branch.pool.PoolStatus;
import dev.anabranch.check.Checker;
import dev.anabranch.check.diff.Differ;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.check.wal.Rewind;
import dev.anabranch.gateway.Gateway;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.LedgerQueue;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.slot.FeedSupervisor;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.promote.BranchComparison;
import dev.anabranch.promote.MergeRules;
import dev.anabranch.promote.OwnChecks;
import dev.anabranch.promote.Promoter;
import dev.anabranch.promote.Promotions;
import dev.anabranch.promote.sync.Sync;
import dev.anabranch.server.health.ServerHealth;
import dev.anabranch.server.http.Released;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The running parts that the operations work with. */
record ServerComponents(
    Mirror mirror,
    FeedStore feed,
    FeedSupervisor feedConnection,
    History history,
    GoldenImages images,
    Branches branches,
    Gateway gateway,
    Ledger ledger,
    LedgerQueue queue,
    BranchLog log,
    Checker checker,
    Differ differ,
    Promoter promoter,
    Promotions promotions,
    OwnChecks ownChecks,
    MergeRules mergeRules,
    BranchComparison comparison,
    Sync.Parts syncing,
    Glances glances) {

  /** As many as a status shows. */
  private static final int UNWATCHED_NAMED = 100;

  /** Returns when everything that clients of a branch were answered is in the ledger. */
  static void flush(Gateway gateway, BranchId branch) {
    try {
      gateway.flush(branch);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AnabranchException(ErrorCode.LEDGER_UNAVAILABLE, e, "interrupted");
    }
  }

  /**
   * Ends branches whose time is over, forgets what only they needed, and puts to sleep those that
   * nobody uses.
   */
  void sweep(Instant now) {
    branches.removeRemains();
    List<Branch> over = branches.expire(now);
    over.forEach(branch -> disconnect(branch, "the branch's time is over"));
    dropUnused();
    branches.boundPasts();
    promotions.forgetRows(now);
    branches.views().removeUnused().forEach(gateway::forget);
    branches.gone().forEach(gateway::forget);
    branches.suspendIdle(id -> gateway.sessions(id) > 0, log::drain);
  }

  /** Ends every session of a branch, and those on what it was, which is removed. */
  void disconnect(Branch branch, String reason) {
    gateway.disconnect(branch.id(), reason);
    branches
        .views()
        .end(
            branch,
            view -> {
              gateway.disconnect(view, reason);
              gateway.forget(view);
            });
  }

  /**
   * Drops images that no branch rests on, and what the feed kept for them alone. It keeps what a
   * branch of main's past would need.
   */
  void dropUnused() {
    images.dropUnused();
    Stream.concat(images.list().stream().map(GoldenImage::forkLsn), history.oldest().stream())
        .min(Lsn::compareTo)
        .ifPresent(feed::forget);
  }

  /**
   * Sets a branch back to a moment of its own. The order matters: what was committed at or below
   * the position rests on answers that the flush brings, and what they saw is in the log that is
   * read after.
   */
  Branch restore(Branch branch, PastPoint point) {
    Lsn limit = log.position(branch);
    flush(gateway, branch.id());
    List<Answer> answers = ledger.answers(branch.id());
    List<Ending> endings = ledger.endings(branch.id());
    log.drain(branch);
    List<Unit> units = ledger.units(branch.id());
    Optional<Instant> time =
        switch (point) {
          case PastPoint.AtTime(Instant moment) -> Optional.of(moment);
          case PastPoint.AtLsn ignored -> Optional.empty();
        };
    return branches.restore(
        branch,
        point,
        limit,
        (next, end) -> {
          syncing.schemas().begin(next, syncing.schemas().starts(branch.id()));
          ledger.append(new Rewind(answers, endings, units, end).entries(next, time));
        });
  }

  List<String> branchNames() {
    return branches.list().stream().map(branch -> branch.name().value()).toList();
  }

  /**
   * Takes everything of ours from main: first what the log of the feed can still tell of promotions
   * is asked, then the feed goes, then the mirror. Whatever of it is gone already is passed over.
   */
  Released release() {
    promoter.recover();
    FeedSupervisor.Removed feedsOwn = feedConnection.remove();
    history.forget();
    Optional<String> mirrors = mirror.tearDown();
    return new Released(
        Stream.concat(feedsOwn.slot().stream(), mirrors.stream()).toList(),
        feedsOwn.publication().stream().toList(),
        branchNames());
  }

  private long suspended() {
    return branches.list().stream()
        .filter(branch -> branch.state() == Branch.State.SUSPENDED)
        .count();
  }

  /** For people: how each part is doing. */
  Map<String, Map<String, Object>> status(ServerHealth health) {
    FeedSupervisor.Status following = feedConnection.status();
    List<GoldenImage> kept = images.list();
    PoolStatus pool = branches.poolStatus();
    Map<String, Map<String, Object>> status = new LinkedHashMap<>();
    status.put(
        "mirror",
        section(
            "state", health.answers("mirror") ? "streaming" : "not connected",
            "replayed", health.replayed().toString(),
            "lagBytes", whole(health.mirrorLagBytes()),
            "lagSeconds", whole(health.mirrorLagSeconds())));
    status.put(
        "feed",
        section(
            "state", following.streaming() ? "streaming" : "not connected",
            "applied", following.applied().toString(),
            "lagBytes", whole(health.feedLagBytes()),
            "lagSeconds", whole(health.feedLagSeconds()),
            "lastFailure", following.lastFailure(),
            "unwatched",
                following.unwatched().entrySet().stream()
                    .limit(UNWATCHED_NAMED)
                    .map(table -> table.getKey() + ": " + table.getValue())
                    .toList()));
    status.put(
        "pools",
        section(
            "branches", branches.list().size(),
            "suspended", suspended(),
            "deleted", branches.deleted().size(),
            "views", branches.views().count(),
            "goldenImages", kept.size(),
            "newestForkLsn", kept.isEmpty() ? "" : kept.getFirst().forkLsn().toString(),
            "newestForkTime", kept.isEmpty() ? "" : kept.getFirst().forkTime().toString(),
            "hot", pool.hot(),
            "hotEphemeral", pool.hotEphemeral(),
            "cold", pool.cold(),
            "waiting", pool.waiting(),
            "leasedHot", pool.leasedHot(),
            "leasedMade", pool.leasedMade(),
            "timedOut", pool.timedOut(),
            "failures", pool.failures()));
    status.put("health", troubles(health));
    status.put("history", past());
    status.put(
        "gateway",
        section("connections", gateway.connections(), "unwrittenAnswers", queue.depth()));
    return status;
  }

  private static @Nullable Long whole(double number) {
    return Double.isNaN(number) ? null : (long) Math.ceil(number);
  }

  /** Of each part that it is ready, or since when it is not, and why. */
  private static Map<String, Object> troubles(ServerHealth health) {
    Map<String, Object> troubles = new LinkedHashMap<>();
    health
        .readiness()
        .parts()
        .forEach(part ->
            troubles.put(
                part.part(), part.ready() ? "ready" : "since " + part.since() + ": " + part.why()));
    return troubles;
  }

  private Map<String, Object> past() {
    return history
        .window()
        .map(window ->
            section(
                "from", window.from().toString(),
                "since", window.since().toString(),
                "copies", window.bases(),
                "logBytes", window.logBytes()))
        .orElseGet(() -> section("from", "", "since", "", "copies", 0, "logBytes", 0L));
  }

  private static Map<String, Object> section(@Nullable Object... namesAndValues) {
    Map<String, Object> section = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      section.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return section;
  }
}
