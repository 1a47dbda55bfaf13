package dev.anabranch.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What is known of answers that a session kept out of the ledger ({@code SET anabranch.capture =
 * off}). Each is an entry of its own, made when it was given, so that a kill loses none; they are
 * told together.
 *
 * @param since when the gateway learned that the session wanted no more of its answers kept
 * @param until when the last of them was asked for
 * @param count how many there were
 */
public record Withheld(Instant since, Instant until, int count) {

  private record Group(UUID session, Task task, Instant since) {}

  /**
   * The same answers, those that one session kept out for one task and in one go as one: it has the
   * first one's id and place.
   */
  public static List<Answer> together(List<Answer> answers) {
    Map<Group, Integer> places = new LinkedHashMap<>();
    List<Answer> together = new ArrayList<>();
    for (Answer answer : answers) {
      Optional<Group> group =
          answer.withheld().map(w -> new Group(answer.session(), answer.task(), w.since()));
      Optional<Integer> place = group.map(places::get);
      if (place.isPresent()) {
        together.set(place.get(), joined(together.get(place.get()), answer));
      } else {
        group.ifPresent(first -> places.put(first, together.size()));
        together.add(answer);
      }
    }
    return List.copyOf(together);
  }

  private static Answer joined(Answer first, Answer next) {
    return new Answer(
        first.id(),
        first.branch(),
        first.session(),
        first.task(),
        Math.min(first.transaction(), next.transaction()),
        Math.min(first.transactionBegan(), next.transactionBegan()),
        new Span(
            Math.min(first.span().begin(), next.span().begin()),
            Math.max(first.span().end(), next.span().end())),
        first.ownWrites(),
        first.question(),
        first.result(),
        first.commandTag(),
        first.askedAt(),
        first.withheld().flatMap(a -> next.withheld().map(a::and)));
  }

  private Withheld and(Withheld other) {
    return new Withheld(
        since, until.isAfter(other.until) ? until : other.until, count + other.count);
  }

  private static String of(Task task) {
    return switch (task) {
      case Task.Named(String name) -> " (task '" + name + "')";
      case Task.Traced(String traceId) -> " (trace " + traceId + ")";
      case Task.Work _, Task.SessionAlone() -> "";
    };
  }

  /** One clause for people. */
  public String clause(Answer answer) {
    return String.format(
        Locale.ROOT,
        "session %s%s kept %s out of the ledger, from %s to %s",
        answer.session(),
        of(answer.task()),
        count == 1 ? "an answer" : count + " answers",
        since,
        until);
  }
}
