package dev.anabranch.bench.report;

import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * Latencies in milliseconds.
 *
 * @param count how many there were; with none the rest is not a number
 */
public record Summary(long count, double p50, double p95, double p99, double max) {

  private static final int DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double P50 = 50;
  private static final double P95 = 95;
  private static final double P99 = 99;

  /** Of durations in nanoseconds. */
  public static Summary ofNanos(LongStream nanos) {
    Histogram histogram = new Histogram(DIGITS);
    nanos.forEach(one -> histogram.recordValue(Math.max(0, one)));
    if (histogram.getTotalCount() == 0) {
      return new Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    return new Summary(
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(P50) / NANOS_PER_MILLI,
        histogram.getValueAtPercentile(P95) / NANOS_PER_MILLI,
        histogram.getValueAtPercentile(P99) / NANOS_PER_MILLI,
        histogram.getMaxValue() / NANOS_PER_MILLI);
  }
}
