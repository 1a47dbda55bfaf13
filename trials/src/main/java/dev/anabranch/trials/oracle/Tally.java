package dev.anabranch.trials.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what was judged. Not safe for several threads. */
public final class Tally {

  private final Map<String, Integer> verdicts = new TreeMap<>();
  private final Map<String, Integer> holdsByProof = new TreeMap<>();
  private final Map<String, Integer> undecidedReasons = new TreeMap<>();
  private final List<String> falseHolds = new ArrayList<>();
  private final List<String> defects = new ArrayList<>();
  private int changedReally;
  private int changedInVain;
  private int ambiguous;
  private int undecidedThatHold;
  private int rounds;
  private double checkSeconds;
  private double bruteForceSeconds;

  void verdict(String verdict, String proof) {
    verdicts.merge(verdict, 1, Integer::sum);
    if (verdict.equals("holds")) {
      holdsByProof.merge(proof, 1, Integer::sum);
    }
  }

  void falseHold(String report) {
    falseHolds.add(report);
  }

  /** Something wrong that is no false hold: an answer lost, rows in the report that nobody got. */
  void defect(String report) {
    defects.add(report);
  }

  void changed(boolean really) {
    if (really) {
      changedReally++;
    } else {
      changedInVain++;
    }
  }

  void undecided(String reason, boolean holdsInFact) {
    undecidedReasons.merge(
        reason.replaceAll("[0-9]+", "N").replaceAll("\"[^\"]*\"", "\"…\""), 1, Integer::sum);
    if (holdsInFact) {
      undecidedThatHold++;
    }
  }

  void ambiguous() {
    ambiguous++;
  }

  void round(double check, double bruteForce) {
    rounds++;
    checkSeconds += check;
    bruteForceSeconds += bruteForce;
  }

  /** Verdicts judged so far. */
  public int judged() {
    return verdicts.values().stream().mapToInt(Integer::intValue).sum();
  }

  public List<String> falseHolds() {
    return List.copyOf(falseHolds);
  }

  public List<String> defects() {
    return List.copyOf(defects);
  }

  /** Adds another tally's counts. */
  public void add(Tally other) {
    other.verdicts.forEach((verdict, n) -> verdicts.merge(verdict, n, Integer::sum));
    other.holdsByProof.forEach((proof, n) -> holdsByProof.merge(proof, n, Integer::sum));
    other.undecidedReasons.forEach((reason, n) -> undecidedReasons.merge(reason, n, Integer::sum));
    falseHolds.addAll(other.falseHolds);
    defects.addAll(other.defects);
    changedReally += other.changedReally;
    changedInVain += other.changedInVain;
    ambiguous += other.ambiguous;
    undecidedThatHold += other.undecidedThatHold;
    rounds += other.rounds;
    checkSeconds += other.checkSeconds;
    bruteForceSeconds += other.bruteForceSeconds;
  }

  /** The figures as a table for a person. */
  public String table() {
    int all = Math.max(1, judged());
    int changed = Math.max(1, changedReally + changedInVain);
    StringBuilder table = new StringBuilder();
    line(table, "verdicts judged", judged() + " in " + rounds + " rounds");
    line(table, "false holds", String.valueOf(falseHolds.size()));
    line(table, "other defects", String.valueOf(defects.size()));
    verdicts.forEach((verdict, n) -> line(table, verdict, n + " (" + percent(n, all) + ")"));
    holdsByProof.forEach(
        (proof, n) -> line(table, "  holds by " + proof, n + " (" + percent(n, all) + " of all)"));
    line(
        table,
        "changed that really changed",
        changedReally + " (" + percent(changedReally, changed) + ")");
    line(table, "undecided that hold in fact", String.valueOf(undecidedThatHold));
    line(table, "not judged (branch there and back)", String.valueOf(ambiguous));
    line(table, "seconds in check", String.format(Locale.ROOT, "%.1f", checkSeconds));
    line(table, "seconds in brute force", String.format(Locale.ROOT, "%.1f", bruteForceSeconds));
    undecidedReasons.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(12)
        .forEach(reason ->
            line(table, "  undecided: " + reason.getKey(), String.valueOf(reason.getValue())));
    return table.toString();
  }

  private static void line(StringBuilder table, String what, String figure) {
    table.append(String.format(Locale.ROOT, "%-38s %s%n", what, figure));
  }

  private static String percent(int part, int all) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / all);
  }
}
