package dev.anabranch.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report for people: latencies in one table, single figures in another. */
public final class ReportText {

  private static final int DIGITS = 3;

  private ReportText() {}

  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s   %s%n%s%nload average %.2f before, %.2f after%n%s%n",
            report.benchmark(),
            report.date(),
            report.machine().inWords(),
            report.loadBefore(),
            report.loadAfter(),
            options(report.options())));
    int width = report.lines().stream().mapToInt(line -> line.what().length()).max().orElse(0);
    latencies(report.lines(), width, text);
    figures(report.lines(), width, text);
    report.failures().forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
    return text.toString();
  }

  private static String options(Map<String, String> options) {
    return options.entrySet().stream()
        .map(option -> "--" + option.getKey() + " " + option.getValue())
        .collect(Collectors.joining(" "));
  }

  private static void latencies(List<Line> lines, int width, StringBuilder text) {
    String title = "%n%-" + width + "s  %9s %9s %9s %9s %8s%n";
    String row = "%-" + width + "s  %9s %9s %9s %9s %8d  %s%n";
    boolean first = true;
    for (Line line : lines) {
      if (line instanceof Line.Latencies(String what, Summary times, var goal)) {
        if (first) {
          text.append(
              String.format(
                  Locale.ROOT, title, "milliseconds", "p50", "p95", "p99", "max", "times"));
          first = false;
        }
        text.append(
                String.format(
                        Locale.ROOT,
                        row,
                        what,
                        number(times.p50()),
                        number(times.p95()),
                        number(times.p99()),
                        number(times.max()),
                        times.count(),
                        goal.map(Goal::inWords).orElse(""))
                    .stripTrailing())
            .append('\n');
      }
    }
  }

  private static void figures(List<Line> lines, int width, StringBuilder text) {
    String row = "%-" + width + "s  %9s %-10s %s";
    text.append('\n');
    for (Line line : lines) {
      if (line instanceof Line.Figure(String what, double value, String unit, var goal)) {
        text.append(
                String.format(
                        Locale.ROOT,
                        row,
                        what,
                        number(value),
                        unit,
                        goal.map(Goal::inWords).orElse(""))
                    .stripTrailing())
            .append('\n');
      }
    }
  }

  /** As many digits as a measurement deserves. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "–";
    }
    if (value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int whole = Math.max(1, (int) Math.floor(Math.log10(Math.abs(value))) + 1);
    return String.format(Locale.ROOT, "%,." + Math.max(0, DIGITS - whole) + "f", value);
  }
}
