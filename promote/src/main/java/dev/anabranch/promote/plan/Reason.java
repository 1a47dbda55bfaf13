package dev.anabranch.promote.plan;

import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Verdict;
import dev.anabranch.promote.Fact;
import dev.anabranch.promote.NotRelied;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why some units can't land by themselves: the root of what depends on them.
 *
 * @param units the places of the units it holds directly
 * @param root it, as a person is told, but for the units held because of it
 */
record Reason(BitSet units, Fact root) {

  /**
   * An answer that does not hold.
   *
   * @param uncertain a clause on units that may not rest on it; may be empty
   */
  static Reason answer(long id, Optional<Judged> judged, String uncertain, BitSet units) {
    String sentence =
        judged.map(known -> describe(id, known)).orElse("answer " + id + " has no verdict")
            + uncertain
            + "; to land what rests on it all the same, promote with --accept "
            + id;
    return new Reason(
        units,
        new Fact(
            Fact.Kind.ANSWER,
            sentence,
            Optional.of(id),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of("accept")));
  }

  /** An answer that does not hold and holds nothing. */
  static NotRelied notRelied(Judged judged) {
    return new NotRelied(
        judged.answer().id(),
        judged.verdict().word(),
        describe(judged.answer().id(), judged),
        judged.answer().task().shown());
  }

  /** What to say of units that are held although they may have nothing to do with the answer. */
  static String uncertainty(Map<Tie, Integer> ties, Optional<Judged> judged) {
    int inWindow = ties.getOrDefault(Tie.WINDOW, 0);
    int unclear = ties.getOrDefault(Tie.UNCLEAR, 0);
    String work = judged.map(known -> known.answer().task().shown()).orElse("");
    return (inWindow == 0
            ? ""
            : "; "
                + units(inWindow)
                + " taken to rest on it only because "
                + (inWindow == 1 ? "it was" : "they were")
                + " made in the same window of work ("
                + work
                + "): name tasks to tell them apart (docs/verdicts.md)")
        + (unclear == 0
            ? ""
            : "; "
                + units(unclear)
                + " taken to rest on it because nobody knows in which session "
                + (unclear == 1 ? "it was" : "they were")
                + " made");
  }

  private static String units(int count) {
    return count == 1 ? "1 unit is" : count + " units are";
  }

  /** Something main's constraints or schema would refuse. */
  static Reason constraint(String table, String sentence, BitSet units) {
    return new Reason(
        units,
        new Fact(
            Fact.Kind.CONSTRAINT,
            units.isEmpty() ? sentence : sentence + "; these units stay on the branch",
            Optional.empty(),
            Optional.of(table),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of()));
  }

  /** A row that main refused. */
  static Reason rejected(String table, Map<String, String> key, String sentence, BitSet units) {
    return new Reason(
        units,
        new Fact(
            Fact.Kind.CONSTRAINT,
            "main refuses row "
                + words(key)
                + " of "
                + table
                + ": "
                + sentence
                + "; change it on the branch and promote again",
            Optional.empty(),
            Optional.of(table),
            Optional.of(key),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of()));
  }

  /** The fact with all the units held because of it. */
  Fact fact(List<Long> heldUnits) {
    return new Fact(
        root.kind(),
        root.sentence(),
        root.answer(),
        root.table(),
        root.key(),
        root.base(),
        root.branch(),
        root.main(),
        heldUnits,
        root.choices());
  }

  static String words(Map<String, String> key) {
    return String.join(
        ", ",
        key.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
  }

  private static String describe(long id, Judged judged) {
    return switch (judged.verdict()) {
      case Verdict.Changed changed ->
          "answer " + id + wasAndIs(judged, changed) + reason(changed.reason());
      case Verdict.Undecided undecided ->
          "answer " + id + " can't be told" + reason(undecided.reason());
      case Verdict.Holds holds -> "answer " + id + " holds" + reason(holds.reason());
    };
  }

  private static String wasAndIs(Judged judged, Verdict.Changed changed) {
    Optional<String> was = judged.answer().result().rows().flatMap(Reason::single);
    Optional<String> now = changed.now().flatMap(Reason::single);
    return was.isPresent() && now.isPresent()
        ? " was " + was.get() + ", is " + now.get()
        : " changed";
  }

  private static Optional<String> single(List<List<@Nullable String>> rows) {
    return rows.size() == 1 && rows.getFirst().size() == 1
        ? Optional.of(String.valueOf(rows.getFirst().getFirst()))
        : Optional.empty();
  }

  private static String reason(String reason) {
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }
}
