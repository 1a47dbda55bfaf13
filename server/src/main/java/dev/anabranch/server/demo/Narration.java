package dev.anabranch.server.demo;

import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.Evidence;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.Promotion;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.server.http.ApiJson.CountsView;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells the story as it happens, with the numbers as they are.
 *
 * @param out takes each line
 */
record Narration(Consumer<String> out) {

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency for one line
  void line(String format, Object... details) {
    out.accept(String.format(Locale.ROOT, format, details));
  }

  void title(String title) {
    out.accept("");
    out.accept("── " + title);
  }

  void check(CheckReport report, double seconds) {
    CountsView counts = CountsView.of(report.counts());
    line(
        "%d answers, what she wrote among them, checked in %.1f s, all as of %s: %d hold, %d"
            + " changed, %d undecided.",
        report.verdicts().size(),
        seconds,
        report.asOf(),
        counts.holds(),
        counts.changed(),
        counts.undecided());
    Map<Proof, Integer> proofs = new EnumMap<>(Proof.class);
    for (Judged judged : report.verdicts()) {
      if (judged.verdict() instanceof Verdict.Holds holds) {
        proofs.merge(holds.proof(), 1, Integer::sum);
      }
    }
    line(
        "How the %d were proved: %s.",
        counts.holds(), proofs.toString().toLowerCase(Locale.ROOT).replaceAll("[{}]", ""));
    first(
            report,
            j ->
                j.verdict() instanceof Verdict.Changed
                    && j.answer().question().sql().contains("customer_id = $1"))
        .ifPresent(j -> changed("One that changed:", j));
    staleLooking(report, Proof.COLUMNS, "but only in columns that it does not read");
    staleLooking(report, Proof.NET, "and was changed back: the changes cancel out");
    staleLooking(report, Proof.PREDICATE, "but no changed row is one of its rows, before or after");
    for (Judged judged : report.verdicts()) {
      if (judged.verdict() instanceof Verdict.Undecided undecided) {
        line(
            "Undecided: #%d %s: %s",
            judged.answer().id(), judged.answer().question().sql(), undecided.reason());
      }
    }
  }

  private void changed(String intro, Judged judged) {
    Verdict.Changed verdict = (Verdict.Changed) judged.verdict();
    line("%s #%d  %s", intro, judged.answer().id(), judged.answer().question().sql());
    line(
        "    %s → %s, because %s%s",
        rows(judged.answer().result().rows()),
        rows(verdict.now()),
        verdict.reason(),
        evidence(verdict.evidence()));
  }

  private void staleLooking(CheckReport report, Proof proof, String why) {
    first(report, j -> j.verdict() instanceof Verdict.Holds holds && holds.proof() == proof)
        .ifPresent(j -> {
          line(
              "One that looks stale and is not (%s): #%d  %s",
              name(proof), j.answer().id(), j.answer().question().sql());
          line("    what it reads was written to since, %s.", why);
        });
  }

  private static Optional<Judged> first(CheckReport report, Predicate<Judged> wanted) {
    return report.verdicts().stream().filter(wanted).findFirst();
  }

  private static String evidence(List<Evidence> evidence) {
    if (evidence.isEmpty()) {
      return "";
    }
    Evidence row = evidence.getFirst();
    return String.format(
        Locale.ROOT,
        ": %s of %s in %s",
        row.change().name().toLowerCase(Locale.ROOT),
        row.key(),
        row.table());
  }

  private static String rows(Optional<List<List<@Nullable String>>> rows) {
    return rows.map(r ->
            r.size() == 1
                ? String.join(", ", r.getFirst().stream().map(String::valueOf).toList())
                : r.size() + " rows")
        .orElse("(too many rows to keep)");
  }

  private static String name(Proof proof) {
    return proof.name().toLowerCase(Locale.ROOT);
  }

  void promotion(Promotion promotion, boolean dryRun) {
    line(
        "%s: %s. %d units: %d %s, %d held.",
        dryRun ? "Dry run" : "Promote",
        promotion.outcome().name().toLowerCase(Locale.ROOT),
        promotion.units().total(),
        promotion.units().landed(),
        dryRun ? "would land" : "landed",
        promotion.units().held());
    for (Fact fact : promotion.facts()) {
      line(
          "    %s: %s (units %s%s)",
          fact.isOpen() ? "held" : "decided",
          fact.sentence(),
          fact.units(),
          fact.choices().isEmpty() ? "" : "; you can " + String.join(" or ", fact.choices()));
    }
  }

  void bruteForce(BruteForce brute, double seconds) {
    line(
        "All %d questions asked again on main, with Alice's own writes where she made them (%.1f"
            + " s):",
        brute.asked(), seconds);
    line("    said holds, and is the same      %5d", brute.holdsThatHold());
    line("    said holds, and is another       %5d   ← false holds", brute.falseHolds());
    line("    said changed, and is another     %5d", brute.changedThatChanged());
    line("    said changed, and is the same    %5d", brute.changedThatDidNot());
  }
}
