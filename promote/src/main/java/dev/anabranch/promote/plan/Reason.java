package dev.anabranch.promote.plan;

import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.Verdict;
import dev.anabranch.promote.Fact;
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

  /** An answer that does not hold. */
  static Reason answer(long id, Optional<Judged> judged, BitSet units) {
    String sentence =
        judged.map(known -> describe(id, known)).orElse("answer " + id + " has no verdict")
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
