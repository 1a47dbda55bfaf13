package dev.anabranch.promote.plan;

import dev.anabranch.predicate.CheckReport.Judged;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.promote.fact.Decision;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.NotRelied;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
   * @param said what was decided
   * @param uncertain a clause on units that may not rest on it; may be empty
   */
  static Reason answer(
      Decisions said, long id, Optional<Judged> judged, String uncertain, BitSet units) {
    String sentence =
        judged.map(known -> describe(id, known)).orElse("answer " + id + " has no verdict")
            + uncertain;
    return new Reason(
        units,
        answer(said, id(said, id), id, state(judged), sentence, judged.isPresent())
            .advising("; to land what rests on it all the same, promote with --accept " + id));
  }

  /** What an answer that does not hold goes by. */
  static Fact answer(Decisions said, Judged judged) {
    long id = judged.answer().id();
    return answer(said, id(said, id), id, state(Optional.of(judged)), "", true);
  }

  /** The id of the fact that an answer does not hold. */
  static String id(Decisions said, long answer) {
    return said.id(Fact.Kind.ANSWER, List.of(Long.toString(answer)));
  }

  /**
   * An answer that something else would have been told to, or that may have seen rows which land
   * otherwise, since a transaction before it is executed again.
   *
   * @param why in one clause
   * @param state what came of that transaction
   */
  static Reason redone(Decisions said, long id, String why, List<String> state, BitSet units) {
    return new Reason(
        units,
        said.told(
            fact(
                said.id(Fact.Kind.ANSWER, List.of(Long.toString(id), "redone")),
                Fact.Kind.ANSWER,
                Decisions.state(state),
                "answer " + id + " " + why,
                Optional.of(id),
                Optional.empty(),
                Optional.empty(),
                List.of("accept", "drop"))));
  }

  /** An answer that may have seen what a decision takes from the branch. */
  static Reason overruled(Decisions said, long id, List<Unseen> rows, BitSet units) {
    List<String> state = new ArrayList<>();
    rows.forEach(row -> state.addAll(List.of(row.fact().id(), row.fact().state(), row.words())));
    return new Reason(
        units,
        answer(
            said,
            said.id(Fact.Kind.ANSWER, List.of(Long.toString(id), "overruled")),
            id,
            Decisions.state(state),
            "answer "
                + id
                + " may have seen what the branch has there, and main will have otherwise, as was"
                + " decided: "
                + String.join(", ", rows.stream().map(Unseen::words).distinct().toList()),
            true));
  }

  /**
   * An answer that was accepted as it would be with rows of units that do not land.
   *
   * @param left the ids of those
   */
  static Reason leftBehind(Decisions said, long id, List<Long> left, BitSet units) {
    return new Reason(
        units,
        answer(
            said,
            said.id(Fact.Kind.ANSWER, List.of(Long.toString(id), "left behind")),
            id,
            Decisions.state(left.stream().map(String::valueOf).toList()),
            "answer "
                + id
                + " was accepted as it is with what "
                + (left.size() == 1 ? "unit " : "units ")
                + left.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + " wrote, and "
                + (left.size() == 1 ? "that stays" : "those stay")
                + " on the branch",
            true));
  }

  /**
   * Work that was dropped, and on which other work rests that came later.
   *
   * @param units those that came later
   */
  static Reason afterDrop(Decision drop, BitSet units) {
    return new Reason(
        units,
        drop.fact()
            .choosing(List.of("drop"))
            .saying(
                "; it was dropped (by "
                    + drop.who()
                    + "), and work that came later rests on what was dropped"));
  }

  private static Fact answer(
      Decisions said, String fact, long answer, String state, String sentence, boolean isKnown) {
    return said.told(
        fact(
            fact,
            Fact.Kind.ANSWER,
            state,
            sentence,
            Optional.of(answer),
            Optional.empty(),
            Optional.empty(),
            isKnown ? List.of("accept", "drop") : List.of("drop")));
  }

  /** What an answer's verdict is known to be the same by: all that it would be now, else why. */
  static String state(Optional<Judged> judged) {
    return Decisions.state(
        judged
            .map(known ->
                switch (known.verdict()) {
                  case Verdict.Changed changed -> List.of(changed.word(), changed.digest());
                  case Verdict.Undecided undecided ->
                      List.of(
                          undecided.word(), undecided.reason(), undecided.evidence().toString());
                  case Verdict.Holds holds -> List.of(holds.word());
                })
            .orElse(List.of("none")));
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

  /**
   * Something main's constraints or schema would refuse.
   *
   * @param about what of the table, so that it is told from others
   */
  static Reason constraint(
      Decisions said, String table, List<String> about, String sentence, BitSet units) {
    List<String> name = new ArrayList<>(List.of(table));
    name.addAll(about);
    return new Reason(
        units,
        said.told(
            fact(
                said.id(Fact.Kind.CONSTRAINT, name),
                Fact.Kind.CONSTRAINT,
                Decisions.state(List.of(sentence)),
                units.isEmpty() ? sentence : sentence + "; these units stay on the branch",
                Optional.empty(),
                Optional.of(table),
                Optional.empty(),
                units.isEmpty() ? List.of() : List.of("drop"))));
  }

  /**
   * A row that main refused.
   *
   * @param chosen the conflict by whose decision it is as main refuses it, if one is
   */
  static Reason rejected(
      Decisions said,
      String table,
      Map<String, String> key,
      String sentence,
      Optional<Fact> chosen,
      BitSet units) {
    return new Reason(
        units,
        said.told(
            fact(
                    said.id(Fact.Kind.CONSTRAINT, List.of(table, "row", key.toString())),
                    Fact.Kind.CONSTRAINT,
                    Decisions.state(List.of(sentence)),
                    "main refuses row " + words(key) + " of " + table + ": " + sentence,
                    Optional.empty(),
                    Optional.of(table),
                    Optional.of(key),
                    List.of("drop"))
                .advising(
                    chosen
                        .map(conflict ->
                            "; decide otherwise of its conflict, --decide "
                                + conflict.id()
                                + "=CHOICE (open to be asked again)")
                        .orElse("; change it on the branch and promote again"))));
  }

  private static Fact fact(
      String id,
      Fact.Kind kind,
      String state,
      String sentence,
      Optional<Long> answer,
      Optional<String> table,
      Optional<Map<String, String>> key,
      List<String> choices) {
    return new Fact(
        id,
        kind,
        Fact.Nature.MEANING,
        state,
        sentence,
        answer,
        table,
        key,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        choices,
        Optional.empty());
  }

  /** The same of other units. */
  Reason of(BitSet others) {
    return new Reason(others, root);
  }

  /** The same, as it was decided. */
  Reason decided(Decision decision) {
    return new Reason(units, root.with(decision.decided()));
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
