package dev.anabranch.server.http;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of the last hour, a sample at a time.
 *
 * @param everySeconds how far samples are apart
 * @param at when each was taken, the oldest first
 * @param series a value for each sample
 */
public record StatusHistory(int everySeconds, List<Instant> at, List<MeasuredSeries> series) {

  /**
   * How one number was.
   *
   * @param name what it is called here
   * @param title what people call it
   * @param metric what `/metrics` calls it
   * @param unit bytes, count, perSecond or perMinute
   * @param values one for each sample; null where it was not known
   */
  public record MeasuredSeries(
      String name, String title, String metric, String unit, List<@Nullable Double> values) {}
}
