package dev.anabranch.predicate.rule;

import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The changed rows that bear on an answer.
 *
 * @param entered rows that match now and did not
 * @param left rows that matched and do not now
 * @param changed rows that matched and match, with other values
 * @param evidence the first of them
 */
public record Tally(int entered, int left, int changed, List<Evidence> evidence) {

  public static final Tally NOTHING = new Tally(0, 0, 0, List.of());

  public Tally {
    evidence = List.copyOf(evidence);
  }

  public Tally plus(Tally other) {
    List<Evidence> all = new ArrayList<>(evidence);
    other.evidence.stream().filter(one -> !all.contains(one)).forEach(all::add);
    return new Tally(
        entered + other.entered,
        left + other.left,
        changed + other.changed,
        all.subList(0, Math.min(all.size(), Verdict.EVIDENCE_LIMIT)));
  }

  public boolean isEmpty() {
    return entered + left + changed == 0;
  }

  /** Such as "1 row entered, 2 rows left". */
  public String inWords() {
    List<String> parts = new ArrayList<>();
    add(parts, entered, "entered");
    add(parts, left, "left");
    add(parts, changed, "changed");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + (count == 1 ? " row " : " rows ") + what);
    }
  }
}
