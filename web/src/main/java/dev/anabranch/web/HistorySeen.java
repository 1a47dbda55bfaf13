package dev.anabranch.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of the last hour, as the API tells them.
 *
 * @param everySeconds how far samples are apart
 * @param at when each was taken, the oldest first
 * @param series a value for each sample
 */
public record HistorySeen(int everySeconds, List<Instant> at, List<Series> series) {

  private static final Duration BETWEEN_ROWS = Duration.ofMinutes(5);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * How one number was, to be drawn.
   *
   * @param name what it is called
   * @param title what people call it
   * @param metric what {@code /metrics} calls it
   * @param unit bytes, count, perSecond or perMinute
   * @param values one for each sample; null where it was not known
   */
  public record Series(
      String name, String title, String metric, String unit, List<@Nullable Double> values) {

    public static final int WIDTH = 240;
    public static final int HEIGHT = 40;

    /** As many samples as an hour has; fewer are drawn at the right. */
    private static final int MOST = 240;

    public Series {
      values = new ArrayList<>(values);
    }

    /** A value for people. */
    public String told(@Nullable Double value) {
      if (value == null) {
        return "—";
      }
      return switch (unit) {
        case "bytes" -> PageTexts.bytes(value);
        case "perSecond" -> String.format(Locale.ROOT, "%,.1f/s", value);
        case "perMinute" -> String.format(Locale.ROOT, "%,.1f/min", value);
        default -> String.format(Locale.ROOT, "%,.0f", value);
      };
    }

    /** What it is now. */
    public String latest() {
      return told(values.isEmpty() ? null : values.getLast());
    }

    private DoubleStream known() {
      return values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue);
    }

    /** The top of the drawing, whose bottom is 0. */
    private double top() {
      return Math.max(known().max().orElse(0), Double.MIN_NORMAL);
    }

    /** What there is to see, in words. */
    public String described() {
      return known().findAny().isEmpty()
          ? "Not known yet."
          : "Now "
              + latest()
              + "; in the last hour between "
              + told(known().min().orElse(0))
              + " and "
              + told(known().max().orElse(0))
              + ".";
    }

    /** What to draw: a line for each stretch of samples that are known. */
    public List<String> lines() {
      List<String> lines = new ArrayList<>();
      StringBuilder line = new StringBuilder();
      for (int i = 0; i <= values.size(); i++) {
        Double value = i < values.size() ? values.get(i) : null;
        if (value != null) {
          line.append(point(i, value)).append(' ');
        } else if (!line.isEmpty()) {
          lines.add(line.toString().strip());
          line.setLength(0);
        }
      }
      return lines;
    }

    private String point(int sample, double value) {
      double x = WIDTH - (values.size() - 1 - sample) * ((double) WIDTH / MOST);
      double y = HEIGHT - 1 - (value / top()) * (HEIGHT - 2);
      return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }
  }

  /**
   * What all numbers were at one moment.
   *
   * @param values in the order of the series
   */
  public record Row(String at, List<String> values) {}

  /** The same as a table: a sample every five minutes, the newest first. */
  public List<Row> rows() {
    int step = Math.max(1, (int) (BETWEEN_ROWS.toSeconds() / Math.max(1, everySeconds)));
    List<Row> rows = new ArrayList<>();
    for (int i = at.size() - 1; i >= 0; i -= step) {
      int sample = i;
      rows.add(
          new Row(
              MINUTE.format(at.get(i)),
              series.stream().map(one -> one.told(one.values().get(sample))).toList()));
    }
    return rows;
  }
}
