package dev.anabranch.server;

import dev.anabranch.branch.Branch;
import dev.anabranch.branch.pool.PoolStatus;
import dev.anabranch.server.health.ServerHealth;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is read of the running parts when somebody asks for measurements. What the control database
 * would have to be asked for is NaN while it does not answer: nobody's monitoring waits for it.
 *
 * @param parts what runs
 * @param health how it does
 */
record Measurements(ServerComponents parts, ServerHealth health) {

  private static final String CONTROL = "control";

  void addTo(Metrics metrics) {
    branches(metrics);
    sizes(metrics);
    pool(metrics);
    health(metrics);
    lag(metrics);
    disk(metrics);
    metrics.gauge(
        "anabranch.gateway.connections",
        "Connections through the gateway",
        parts.gateway()::connections);
    metrics.gauge(
        "anabranch.ledger.depth",
        "Ledger entries that wait to become durable",
        parts.queue()::depth);
    metrics.gauge(
        "anabranch.feed.rows",
        "Row changes stored since the start",
        () -> parts.feedConnection().status().rowsStored());
    metrics.gauge(
        "anabranch.feed.tables.unwatched",
        "Tables of main whose changes are not known, so that answers on them are asked again",
        () -> parts.feedConnection().status().unwatched().size());
  }

  private Supplier<Number> known(Supplier<Number> value) {
    return () -> health.answers(CONTROL) ? value.get() : Double.NaN;
  }

  private void branches(Metrics metrics) {
    metrics.gauge("anabranch.branches", "Branches", known(() -> parts.branches().list().size()));
    metrics.gauge("anabranch.branches.suspended", "Suspended branches", known(this::suspended));
    metrics.gauge(
        "anabranch.views",
        "Point-in-time views that run, read or not",
        known(() -> parts.branches().views().count()));
    metrics.gauge(
        "anabranch.branches.deleted",
        "Deleted branches that can be brought back",
        known(() -> parts.branches().deleted().size()));
    metrics.gauge(
        "anabranch.golden.images", "Golden images kept", known(() -> parts.images().list().size()));
  }

  private void sizes(Metrics metrics) {
    metrics.gauge(
        "anabranch.branches.own.bytes",
        "What branches take of the disk by themselves, as far as they were measured",
        parts.glances()::ownBytes);
  }

  private long suspended() {
    return parts.branches().list().stream()
        .filter(branch -> branch.state() == Branch.State.SUSPENDED)
        .count();
  }

  private void pool(Metrics metrics) {
    metrics.gauge(
        "anabranch.pool.hot",
        "Hot branches in the pool: running, not yet leased",
        pool(pool -> pool.hot() + pool.hotEphemeral()));
    metrics.gauge(
        "anabranch.pool.cold",
        "Cold branches in the pool: cloned, not started",
        pool(PoolStatus::cold));
    metrics.gauge(
        "anabranch.pool.waiting", "Callers who wait for a branch", pool(PoolStatus::waiting));
    metrics.counter(
        "anabranch.pool.leases.hot",
        "Branches that were handed out at once",
        pool(PoolStatus::leasedHot));
    metrics.counter(
        "anabranch.pool.leases.made",
        "Branches that had to be started or copied for their callers",
        pool(PoolStatus::leasedMade));
    metrics.counter(
        "anabranch.pool.timeouts",
        "Callers who were told to try again, because no branch was free in time",
        pool(PoolStatus::timedOut));
    metrics.counter(
        "anabranch.pool.failures",
        "Branches for the pool that could not be made",
        pool(PoolStatus::failures));
  }

  private Supplier<Number> pool(Function<PoolStatus, Number> number) {
    return () -> number.apply(parts.branches().poolStatus());
  }

  private void health(Metrics metrics) {
    metrics.gauge(
        "anabranch.ready",
        "1 when every part is ready, as GET /ready says",
        () -> health.readiness().ready() ? 1 : 0);
    for (String part : health.parts()) {
      metrics.gauge(
          "anabranch.part.ready",
          "part",
          part,
          "1 when the part is ready, as GET /ready says",
          () -> health.of(part).ready() ? 1 : 0);
      metrics.gauge(
          "anabranch.part.connected",
          "part",
          part,
          "1 when the part answered when it was looked at last, however short its trouble",
          () -> health.answers(part) ? 1 : 0);
    }
  }

  private void lag(Metrics metrics) {
    metrics.gauge(
        "anabranch.feed.lag.bytes",
        "WAL of main that the feed has not stored yet; NaN when that is not known",
        health::feedLagBytes);
    metrics.gauge(
        "anabranch.feed.lag.seconds",
        "For how long the feed has not had all that main had written; never 0 while not connected",
        health::feedLagSeconds);
    metrics.gauge(
        "anabranch.mirror.lag.bytes",
        "WAL of main that the mirror has not replayed yet; NaN when that is not known",
        health::mirrorLagBytes);
    metrics.gauge(
        "anabranch.mirror.lag.seconds",
        "For how long the mirror has not had all that main had written; never 0 while not"
            + " connected",
        health::mirrorLagSeconds);
    String retained = "anabranch.main.wal.retained.bytes";
    String description = "WAL that main keeps for a slot of ours; NaN when that is not known";
    metrics.gauge(retained, "slot", "mirror", description, health::mirrorRetainedBytes);
    metrics.gauge(retained, "slot", "feed", description, health::feedRetainedBytes);
    metrics.gauge(
        "anabranch.main.wal.limit.bytes",
        "WAL that main keeps for a slot at most (max_slot_wal_keep_size); +Inf without a limit",
        health::walLimitBytes);
  }

  private void disk(Metrics metrics) {
    metrics.gauge(
        "anabranch.disk.total.bytes",
        "The size of the disk that the data directory is on",
        health::totalBytes);
    metrics.gauge(
        "anabranch.disk.used.bytes",
        "What is used of it, by whomever",
        () -> health.totalBytes() - health.freeBytes());
    metrics.gauge(
        "anabranch.disk.free.bytes", "What Anabranch can still write on it", health::freeBytes);
  }
}
