package dev.anabranch.predicate.rule;

import dev.anabranch.base.Traps;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.RowDigest;
import dev.anabranch.ledger.Told;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.footprint.Rule;
import dev.anabranch.predicate.match.RowMatcher;
import dev.anabranch.predicate.match.ValueReader;
import dev.anabranch.predicate.verdict.Proof;
import dev.anabranch.predicate.verdict.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The verdict on an answer that follows from the one given and from the changed rows. */
public final class ByRule {

  private static final Set<String> UTC = Set.of("UTC", "Etc/UTC");

  private ByRule() {}

  /**
   * @param movements what moved, for each state that the answer may have seen; all must come to the
   *     same
   * @return empty when it does not follow, and must be asked again
   */
  public static Optional<Verdict> verdict(
      Answer answer,
      Footprint.Reads reads,
      List<Optional<Movement>> movements,
      Tally tally,
      Traps traps) {
    Result was = answer.result();
    if (movements.isEmpty()
        || reads.rule().isEmpty()
        || !(reads.traits().repeat() instanceof Repeat.Same)
        || !isDetermined(reads)
        || !isWhole(answer)
        || !fits(reads.rule().get(), was)
        || !isSpelledAlike(reads.rule().get(), answer.question().settings())) {
      return Optional.empty();
    }
    Optional<Extent> extent =
        Extent.of(reads.rule().get(), new RowMatcher(answer.question().parameters(), traps));
    if (extent.isEmpty()) {
      return Optional.empty();
    }
    Set<Optional<List<List<@Nullable String>>>> found = new HashSet<>();
    for (Optional<Movement> movement : movements) {
      found.add(
          movement.flatMap(
              moved -> new Reckoning(was.rows().orElseThrow(), moved, extent.get(), traps).now()));
    }
    return found.size() == 1
        ? found.iterator().next().flatMap(rows -> verdict(was, rows, reads, tally))
        : Optional.empty();
  }

  /** Whether a limit leaves no choice: no two rows tie, or all show the same. */
  private static boolean isDetermined(Footprint.Reads reads) {
    return reads.rule().flatMap(Rule::limit).isEmpty()
        || reads.traits().order().total()
        || reads.rule().stream()
            .flatMap(rule -> rule.outputs().stream())
            .allMatch(Rule.Output.Fixed.class::isInstance);
  }

  private static boolean isWhole(Answer answer) {
    Result was = answer.result();
    return answer.told() == Told.ROWS
        && answer.commandTag().startsWith("SELECT ")
        && was.complete()
        && was.comparable()
        && was.rows().filter(rows -> rows.size() == was.rowCount()).isPresent();
  }

  private static boolean fits(Rule rule, Result was) {
    return was.columns().size() == rule.outputs().size()
        && IntStream.range(0, was.columns().size())
            .allMatch(i -> was.columns().get(i).typeOid() == rule.outputs().get(i).typeOid());
  }

  /** Whether the session wrote dates and times as main's changes are written. */
  private static boolean isSpelledAlike(Rule rule, Map<String, String> settings) {
    boolean iso = settings.getOrDefault("datestyle", "").startsWith("ISO");
    boolean utc = UTC.contains(settings.getOrDefault("timezone", ""));
    boolean days = rule.shows(ValueReader.DATE) || rule.shows(ValueReader.TIMESTAMP);
    return (!days || iso) && (!rule.shows(ValueReader.TIMESTAMPTZ) || (iso && utc));
  }

  private static Optional<Verdict> verdict(
      Result was, List<List<@Nullable String>> rows, Footprint.Reads reads, Tally tally) {
    RowDigest.Builder digest = RowDigest.builder();
    rows.forEach(row -> digest.add(was.columns(), row));
    RowDigest done = digest.build();
    Result now =
        new Result(
            was.columns(),
            done.rowCount(),
            true,
            true,
            done.ordered(),
            done.bag(),
            Optional.of(rows));
    return switch (new Comparison(was, now, reads.traits().order()).verdict(tally)) {
      case Verdict.Holds ignored ->
          Optional.of(new Verdict.Holds(Proof.RULE, "the changed rows come to the same"));
      case Verdict.Changed changed ->
          Optional.of(
              new Verdict.Changed(
                  Proof.RULE,
                  changed.reason(),
                  changed.now(),
                  changed.digest(),
                  changed.evidence()));
      case Verdict.Undecided ignored -> Optional.empty();
    };
  }
}
