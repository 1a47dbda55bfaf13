package dev.anabranch.predicate;

import dev.anabranch.ledger.Answer;
import dev.anabranch.predicate.Judgement.Decided;
import dev.anabranch.predicate.Judgement.Pending;
import dev.anabranch.predicate.Judgement.Rehearsed;
import dev.anabranch.predicate.verdict.Verdict;
import dev.anabranch.predicate.world.World;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Asks again what is a question to main alone, at the position for which all else was proved.
 *
 * <p>A copy of main is for laying the branch's writes over it. Where none of them matters to any
 * answer that is open, main tells what the copy would tell, and one position does for all. Main
 * tells nothing against an answer by failing: whatever does not come back as rows is for the copy.
 *
 * @param present main there
 * @param traced of which answers it is to be told what their questions read
 * @param heard is told what came back
 */
record MainAlone(
    World.Present present, Predicate<Answer> traced, BiConsumer<Answer, List<World.Reply>> heard) {

  /** Those of all open answers; empty when one of them takes a copy of main. */
  Optional<Map<Answer, Verdict>> verdicts(Map<Answer, Judgement> judgements) {
    Map<Answer, Pending> open = new LinkedHashMap<>();
    for (Map.Entry<Answer, Judgement> entry : judgements.entrySet()) {
      switch (entry.getValue()) {
        case Decided ignored -> {}
        case Pending pending -> open.put(entry.getKey(), pending);
        case Rehearsed ignored -> {
          return Optional.empty();
        }
      }
    }
    if (open.isEmpty()) {
      return Optional.of(Map.of());
    }
    return open.values().stream().allMatch(Pending::ofMainAlone) ? told(open) : Optional.empty();
  }

  private Optional<Map<Answer, Verdict>> told(Map<Answer, Pending> open) {
    List<World.Ask> questions =
        open.entrySet().stream()
            .map(entry ->
                new World.Ask(
                    entry.getKey(),
                    entry.getValue().alternatives().getFirst(),
                    traced.test(entry.getKey()),
                    false,
                    NextFlips.asked(entry.getKey(), entry.getValue().traits(), false)))
            .toList();
    return present
        .tell(questions)
        .filter(replies -> replies.size() == questions.size())
        .map(replies -> verdicts(open, replies));
  }

  private Map<Answer, Verdict> verdicts(Map<Answer, Pending> open, List<World.Reply.Got> replies) {
    Map<Answer, Verdict> verdicts = new LinkedHashMap<>();
    Iterator<World.Reply.Got> next = replies.iterator();
    open.forEach((answer, pending) -> {
      List<World.Reply> own = List.of(next.next());
      heard.accept(answer, own);
      verdicts.put(answer, pending.verdict(answer, own));
    });
    return verdicts;
  }
}
