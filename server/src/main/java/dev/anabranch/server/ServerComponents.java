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
import dev.anabranch.promote.OwnChecks;
import dev.anabranch.promote.Promoter;
import dev.anabranch.promote.Promotions;
import dev.anabranch.server.http.Released;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
    BranchComparison comparison) {

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
        (next, end) -> ledger.append(new Rewind(answers, endings, units, end).entries(next, time)));
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

  void measure(Metrics metrics) {
    metrics.gauge("anabranch.branches", "Branches there are", () -> branches.list().size());
    metrics.gauge("anabranch.branches.suspended", "Branches that sleep", this::suspended);
    metrics.gauge(
        "anabranch.views",
        "Branches as they were that somebody reads, or has read",
        () -> branches.views().count());
    metrics.gauge(
        "anabranch.branches.deleted",
        "Deleted branches that can be brought back",
        () -> branches.deleted().size());
    metrics.gauge(
        "anabranch.pool.hot",
        "Branches that run and wait to be named",
        () -> branches.poolStatus().hot() + branches.poolStatus().hotEphemeral());
    metrics.gauge(
        "anabranch.pool.cold",
        "Clones that wait and are not started",
        () -> branches.poolStatus().cold());
    metrics.gauge(
        "anabranch.pool.waiting",
        "Callers who wait for a branch",
        () -> branches.poolStatus().waiting());
    metrics.gauge("anabranch.golden.images", "Golden images kept", () -> images.list().size());
    metrics.gauge(
        "anabranch.gateway.connections", "Connections through the gateway", gateway::connections);
    metrics.gauge(
        "anabranch.ledger.depth", "Ledger entries that wait to become durable", queue::depth);
    metrics.gauge(
        "anabranch.feed.lag.bytes",
        "Main's log not stored yet",
        () -> feedConnection.status().lagBytes());
    metrics.gauge(
        "anabranch.feed.rows",
        "Row changes stored since the start",
        () -> feedConnection.status().rowsStored());
    metrics.gauge(
        "anabranch.mirror.lag.bytes",
        "Main's log not replayed by the mirror yet",
        () -> mirror.status().lagBytes());
  }

  private long suspended() {
    return branches.list().stream()
        .filter(branch -> branch.state() == Branch.State.SUSPENDED)
        .count();
  }

  /** For people: how each part is doing. */
  Map<String, Map<String, Object>> status() {
    Mirror.Status standby = mirror.status();
    FeedSupervisor.Status following = feedConnection.status();
    List<GoldenImage> kept = images.list();
    PoolStatus pool = branches.poolStatus();
    Map<String, Map<String, Object>> status = new LinkedHashMap<>();
    status.put(
        "mirror",
        section(
            "state", standby.streaming() ? "streaming" : "not connected",
            "replayed", standby.replayed().toString(),
            "lagBytes", standby.lagBytes()));
    status.put(
        "feed",
        section(
            "state", following.streaming() ? "streaming" : "not connected",
            "applied", following.applied().toString(),
            "lagBytes", following.lagBytes(),
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
    status.put("history", past());
    status.put(
        "gateway",
        section("connections", gateway.connections(), "unwrittenAnswers", queue.depth()));
    return status;
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

  private static Map<String, Object> section(Object... namesAndValues) {
    Map<String, Object> section = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      section.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return section;
  }
}
