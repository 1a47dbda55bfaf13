package dev.anabranch.promote.plan;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;

/** What was asked on a branch, as a test tells it: sessions by number, minutes, ticks. */
final class Past {

  static final Duration GAP = Duration.ofMinutes(15);

  private static final BranchId BRANCH = new BranchId(1);

  final List<Answer> answers = new ArrayList<>();
  final List<Ending> endings = new ArrayList<>();
  private long tick;

  /** Asks, in the transaction of that number of a session; its id is its place from 1. */
  Answer ask(int session, long transaction, Task task, int minute) {
    return ask(session, transaction, task, minute, new Span(++tick, ++tick));
  }

  Answer ask(int session, long transaction, Task task, int minute, Span span) {
    Answer answer =
        new Answer(
            answers.size() + 1,
            BRANCH,
            new UUID(0, session),
            task,
            transaction,
            span.begin(),
            span,
            new OwnWrites.None(),
            new Question("SELECT 1", List.of(), new TreeMap<>()),
            new Result(List.of(), 1, true, true, 0, 0, Optional.empty()),
            "SELECT 1",
            at(minute));
    answers.add(answer);
    return answer;
  }

  Ending end(int session, long transaction, Task task, int minute) {
    return end(session, transaction, task, minute, new Span(++tick, ++tick));
  }

  Ending end(int session, long transaction, Task task, int minute, Span span) {
    Ending ending =
        new Ending(
            BRANCH,
            new UUID(0, session),
            task,
            transaction,
            Ending.Kind.COMMITTED,
            span,
            at(minute),
            at(minute),
            OptionalLong.empty(),
            Optional.empty());
    endings.add(ending);
    return ending;
  }

  /** The ids of the answers that a transaction rests on. */
  List<Long> restsOn(Ending ending, TaskBy by) {
    Tasks tasks = tasks(by);
    return tasks.before(ending).stream()
        .mapToObj(place -> tasks.answers().get(place).id())
        .sorted()
        .toList();
  }

  Tie tie(Ending ending, Answer answer) {
    Tasks tasks = tasks(TaskBy.WINDOW);
    return tasks.tie(ending, tasks.answers().indexOf(answer));
  }

  Tasks tasks(TaskBy by) {
    return new Tasks(answers, _ -> true, endings, by, GAP, Traps.NONE);
  }

  private static Instant at(int minute) {
    return Instant.EPOCH.plus(Duration.ofMinutes(minute));
  }
}
