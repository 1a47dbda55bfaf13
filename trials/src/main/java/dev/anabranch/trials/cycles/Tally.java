package dev.anabranch.trials.cycles;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was judged. */
public final class Tally {

  private final Map<String, Integer> verdicts = new TreeMap<>();
  private final Map<String, int[]> landings = new TreeMap<>();
  private final Map<String, Integer> reasons = new TreeMap<>();
  private final List<Wrong> wrongs = new ArrayList<>();
  private int unclear;
  private int promotions;
  private int landed;
  private int decided;
  private int executedAgain;
  private int undone;
  private double productSeconds;
  private double judgeSeconds;

  void verdict(String verdict, Sameness same, String reason) {
    verdicts.merge(verdict + (same == Sameness.SAME ? ", the same" : ", another"), 1, Integer::sum);
    if (!verdict.equals("holds") && same == Sameness.SAME) {
      String general = reason.replaceAll("[0-9]+", "N").replaceAll("\"[^\"]*\"", "…");
      reasons.merge(verdict + ": " + general, 1, Integer::sum);
    }
  }

  /** A hold that can't be judged: an earlier transaction had another effect. */
  void unclear() {
    unclear++;
  }

  void promotion(int units, double product, double judge) {
    promotions++;
    landed += units;
    productSeconds += product;
    judgeSeconds += judge;
  }

  void executedAgain() {
    executedAgain++;
  }

  void decided(int facts) {
    decided += facts;
  }

  void undone() {
    undone++;
  }

  void shouldLand(String kind, boolean did) {
    int[] counts = landings.computeIfAbsent(kind, ignored -> new int[2]);
    counts[0] += did ? 1 : 0;
    counts[1]++;
  }

  void wrong(Wrong wrong) {
    wrongs.add(wrong);
  }

  int promotions() {
    return promotions;
  }

  /** Everything that was wrong, as reports. */
  public List<String> wrongs() {
    return wrongs.stream().map(wrong -> wrong.nature() + ": " + wrong.report()).toList();
  }

  /** The figures as a table for a person. */
  public String table(boolean classes) {
    StringBuilder table = new StringBuilder();
    line(table, "promotions judged", String.valueOf(promotions));
    line(table, "units landed", String.valueOf(landed));
    line(table, "units executed again", String.valueOf(executedAgain));
    line(table, "facts decided by chance", String.valueOf(decided));
    line(table, "promotions undone", String.valueOf(undone));
    for (Wrong.Nature nature : Wrong.Nature.values()) {
      long count = wrongs.stream().filter(wrong -> wrong.nature() == nature).count();
      line(table, nature.name().toLowerCase(Locale.ROOT).replace('_', ' '), String.valueOf(count));
    }
    verdicts.forEach((verdict, n) -> line(table, "verdict " + verdict, String.valueOf(n)));
    line(table, "holds not judged", String.valueOf(unclear));
    int did = landings.values().stream().mapToInt(counts -> counts[0]).sum();
    int should = landings.values().stream().mapToInt(counts -> counts[1]).sum();
    line(table, "landed of what should land", did + " / " + should);
    line(
        table,
        "seconds",
        String.format(Locale.ROOT, "product %.1f, judge %.1f", productSeconds, judgeSeconds));
    if (classes) {
      landings.forEach((kind, counts) -> line(table, "  " + kind, counts[0] + " / " + counts[1]));
      reasons.entrySet().stream()
          .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
          .limit(25)
          .forEach(
              reason -> line(table, "  " + reason.getKey(), String.valueOf(reason.getValue())));
    }
    return table.toString();
  }

  private static void line(StringBuilder table, String what, String figure) {
    table.append(String.format(Locale.ROOT, "%-42s %s%n", what, figure));
  }
}
