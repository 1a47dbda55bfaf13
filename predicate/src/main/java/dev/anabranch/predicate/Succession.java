package dev.anabranch.predicate;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Undone;
import dev.anabranch.predicate.world.Later;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A branch's sessions, statement by statement: the settings that each left to the next. */
final class Succession {

  private final Map<UUID, List<Answer>> sessions = new HashMap<>();
  private final Function<Answer, Optional<Ending>> endings;
  private final Predicate<Answer> mayRunCode;

  /**
   * @param endings of a statement's transaction, if that is known
   * @param mayRunCode whether a statement may set anything behind its words
   */
  Succession(
      Collection<Answer> answers,
      Function<Answer, Optional<Ending>> endings,
      Predicate<Answer> mayRunCode) {
    this.endings = endings;
    this.mayRunCode = mayRunCode;
    answers.stream()
        .sorted(Comparator.comparingLong(answer -> answer.span().begin()))
        .forEach(answer ->
            sessions.computeIfAbsent(answer.session(), ignored -> new ArrayList<>()).add(answer));
  }

  /**
   * What the next statement of the session found that is known to have; empty when nobody looked,
   * or what was set had been taken back.
   */
  Optional<Later> later(Answer answer) {
    List<Answer> session = sessions.getOrDefault(answer.session(), List.of());
    boolean certain = true;
    for (Answer next : session) {
      if (next.span().begin() < answer.span().end() || next.id() == answer.id()) {
        continue;
      }
      boolean sameTransaction = next.transaction() == answer.transaction();
      Optional<Ending> ending = endings.apply(answer);
      if (ending.filter(end -> tookBack(end, answer, next, sameTransaction)).isPresent()) {
        return Optional.empty();
      }
      if (next.withheld().isPresent() || next.question().unknown().isPresent()) {
        certain = false;
        continue;
      }
      boolean known =
          sameTransaction || ending.filter(end -> end.kind() == Ending.Kind.UNKNOWN).isEmpty();
      Set<String> names = new HashSet<>(next.question().settings().keySet());
      names.addAll(answer.question().settings().keySet());
      return Optional.of(
          new Later(
              next.question(),
              sameTransaction,
              certain && known,
              sameTransaction ? List.of() : begunUnder(answer, names)));
    }
    return Optional.empty();
  }

  private static boolean tookBack(Ending ending, Answer set, Answer next, boolean sameTransaction) {
    return switch (ending.undone()) {
      case Undone.Unknown ignored -> false;
      case Undone.Parts(List<Span> spans) ->
          (!sameTransaction && ending.kind() == Ending.Kind.ROLLED_BACK)
              || spans.stream()
                  .anyMatch(span ->
                      span.begin() < set.span().end()
                          && set.span().end() < span.end()
                          && next.span().begin() >= span.end());
    };
  }

  /**
   * The settings that a statement's transaction may have begun under, as its first statement and
   * the last one before it found them: the end of the transaction brings back what words set for it
   * alone. What code may have set since one of them is not told by that, but where words have set
   * it again.
   *
   * @param names of the settings; those that nobody found had no value
   */
  private List<Map<String, String>> begunUnder(Answer answer, Set<String> names) {
    List<Answer> earlier =
        sessions.getOrDefault(answer.session(), List.of()).stream()
            .filter(one -> one.id() != answer.id() && one.span().end() <= answer.span().begin())
            .toList();
    List<Answer> before =
        earlier.stream().filter(one -> one.transaction() != answer.transaction()).toList();
    List<Answer> own = earlier.subList(before.size(), earlier.size());
    List<Map<String, String>> begun = new ArrayList<>();
    if (!own.isEmpty()) {
      begun.add(found(own.getFirst(), answer, names, own));
    }
    begun.add(
        before.isEmpty()
            ? found(Map.of(), answer, names, own)
            : found(
                before.getLast(),
                answer,
                names,
                earlier.subList(before.size() - 1, earlier.size())));
    return begun;
  }

  private Map<String, String> found(
      Answer then, Answer answer, Set<String> names, List<Answer> since) {
    return then.withheld().isPresent() || then.question().unknown().isPresent()
        ? Map.of()
        : found(then.question().settings(), answer, names, since);
  }

  private Map<String, String> found(
      Map<String, String> then, Answer answer, Set<String> names, List<Answer> since) {
    boolean byWordsAlone = since.stream().noneMatch(mayRunCode);
    return names.stream()
        .filter(name -> byWordsAlone || answer.question().isSetByWords(name))
        .collect(Collectors.toMap(name -> name, name -> then.getOrDefault(name, "")));
  }
}
