package dev.anabranch.server;

import dev.anabranch.server.http.StatusHistory;
import dev.anabranch.server.http.StatusHistory.MeasuredSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Samples of what is measured, of the last hour, in memory: the same numbers as {@code /metrics}.
 * What only grows there is told here by how fast it does.
 */
final class LastHour implements AutoCloseable {

  static final Duration PERIOD = Duration.ofSeconds(15);
  static final int SAMPLES = 240;

  private static final double SECONDS_PER_MINUTE = 60;

  /** What a value says. */
  private enum Unit {
    BYTES("bytes"),
    COUNT("count"),
    PER_SECOND("perSecond"),
    PER_MINUTE("perMinute");

    private final String word;

    Unit(String word) {
      this.word = word;
    }

    boolean isRate() {
      return this == PER_SECOND || this == PER_MINUTE;
    }
  }

  private record Series(String name, String title, String meter, Unit unit) {

    /** As Prometheus prints it. */
    String metric() {
      String printed = meter.replace('.', '_');
      return meter.equals("anabranch.checks") ? printed + "_total" : printed;
    }
  }

  private static final List<Series> ALL =
      List.of(
          new Series("mirrorLag", "mirror lag", "anabranch.mirror.lag.bytes", Unit.BYTES),
          new Series("feedLag", "feed lag", "anabranch.feed.lag.bytes", Unit.BYTES),
          new Series(
              "walRetained",
              "WAL that main keeps for us",
              "anabranch.main.wal.retained.bytes",
              Unit.BYTES),
          new Series("feedRows", "rows from main", "anabranch.feed.rows", Unit.PER_SECOND),
          new Series("checks", "checks", "anabranch.checks", Unit.PER_MINUTE),
          new Series(
              "connections", "gateway connections", "anabranch.gateway.connections", Unit.COUNT),
          new Series("branches", "branches", "anabranch.branches", Unit.COUNT),
          new Series("poolHot", "hot branches in the pool", "anabranch.pool.hot", Unit.COUNT),
          new Series("poolWaiting", "waiting for a branch", "anabranch.pool.waiting", Unit.COUNT),
          new Series("diskUsed", "disk used", "anabranch.disk.used.bytes", Unit.BYTES));

  private record Sample(Instant at, long nanos, List<Double> values) {}

  private final ToDoubleFunction<String> meters;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Sample> samples = new ArrayDeque<>(); // guarded by the lock
  private final Sweeper turns;

  /**
   * @param meters what a meter has now, all its labels together; NaN when that is not known
   */
  LastHour(ToDoubleFunction<String> meters, InstantSource clock) {
    this.meters = meters;
    this.clock = clock;
    sample();
    this.turns = new Sweeper("sampler", PERIOD, this::sample);
  }

  /** Takes one now. */
  void sample() {
    List<Double> values = ALL.stream().map(one -> meters.applyAsDouble(one.meter())).toList();
    Sample sample = new Sample(clock.instant(), System.nanoTime(), values);
    lock.lock();
    try {
      samples.addLast(sample);
      if (samples.size() > SAMPLES) {
        samples.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  StatusHistory told() {
    List<Sample> all;
    lock.lock();
    try {
      all = List.copyOf(samples);
    } finally {
      lock.unlock();
    }
    List<MeasuredSeries> series = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      Series one = ALL.get(i);
      series.add(
          new MeasuredSeries(
              one.name(), one.title(), one.metric(), one.unit().word, values(all, i, one.unit())));
    }
    return new StatusHistory(
        (int) PERIOD.toSeconds(), all.stream().map(Sample::at).toList(), series);
  }

  private static List<@Nullable Double> values(List<Sample> all, int place, Unit unit) {
    List<@Nullable Double> values = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      double value = unit.isRate() ? rate(all, i, place, unit) : all.get(i).values().get(place);
      values.add(Double.isFinite(value) ? value : null);
    }
    return Collections.unmodifiableList(values);
  }

  /** Since the sample before; what was counted from 0 again is not told. */
  private static double rate(List<Sample> all, int at, int place, Unit unit) {
    if (at == 0) {
      return Double.NaN;
    }
    Sample before = all.get(at - 1);
    Sample now = all.get(at);
    double grown = now.values().get(place) - before.values().get(place);
    double seconds = (now.nanos() - before.nanos()) / (double) Duration.ofSeconds(1).toNanos();
    double perSecond = grown < 0 || seconds <= 0 ? Double.NaN : grown / seconds;
    return unit == Unit.PER_MINUTE ? perSecond * SECONDS_PER_MINUTE : perSecond;
  }

  @Override
  public void close() {
    turns.close();
  }
}
