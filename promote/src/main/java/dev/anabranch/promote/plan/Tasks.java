package dev.anabranch.promote.plan;

import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What belongs together on a branch, in whichever session it came: the answers that a transaction
 * rests on are those that its task got before it ended, and those of its own statements.
 *
 * <p>A name or a trace says it. Where there is neither, a window of work is one task: a session
 * stays at work from its first entry to its last, however long it pauses, and the stays of one
 * role, application and host that overlap or follow each other within the gap are one window. What
 * a person read before lunch counts for what they write after it, in whichever of their terminals.
 * Whatever application a session says it is later on, it still knows what it read.
 */
public final class Tasks {

  private record Run(UUID session, long transaction) {}

  private record Stay(Task.Work work, UUID session) {}

  private record Period(Instant from, Instant to) {
    Period and(Period other) {
      return new Period(
          from.isBefore(other.from) ? from : other.from, to.isAfter(other.to) ? to : other.to);
    }
  }

  /** What entries have in common that belong together. */
  private sealed interface Group {
    record Said(Task task) implements Group {}

    record Window(Task.Work work, int number) implements Group {}

    record UnderAnyName(UUID session) implements Group {}

    record OneSession(UUID session) implements Group {}

    record OneTransaction(Run run) implements Group {}

    record Everything() implements Group {}
  }

  private final TaskBy by;
  private final Traps traps;
  private final List<Answer> answers;
  private final long[] begins;
  private final Map<Stay, Integer> windows;
  private final Map<Group, BitSet> byGroup = new HashMap<>();
  private final Map<Run, BitSet> byRun = new HashMap<>();
  private final Map<String, BitSet> byKey = new HashMap<>();

  /**
   * @param all everything that was asked; it tells when somebody was at work
   * @param isPremise which of it anything can rest on
   * @param endings how transactions ended
   * @param gap how long nobody works before the next window begins
   * @param traps rules that are off
   */
  public Tasks(
      List<Answer> all,
      Predicate<Answer> isPremise,
      List<Ending> endings,
      TaskBy by,
      Duration gap,
      Traps traps) {
    this.traps = traps;
    this.by = by;
    this.answers =
        all.stream()
            .filter(isPremise)
            .sorted(
                Comparator.comparingLong((Answer answer) -> answer.span().begin())
                    .thenComparingLong(Answer::id))
            .toList();
    this.begins = this.answers.stream().mapToLong(answer -> answer.span().begin()).toArray();
    this.windows = windows(all, endings, gap);
    for (int place = 0; place < this.answers.size(); place++) {
      Answer answer = this.answers.get(place);
      Run run = new Run(answer.session(), answer.transaction());
      for (Group group : groups(answer.task(), run)) {
        byGroup.computeIfAbsent(group, _ -> new BitSet()).set(place);
      }
      byRun.computeIfAbsent(run, _ -> new BitSet()).set(place);
    }
  }

  /** The premises in the order in which they were asked; an answer is told by its place here. */
  public List<Answer> answers() {
    return answers;
  }

  /** The places of the answers that a transaction rests on; the caller may keep and change it. */
  public BitSet before(Ending ending) {
    BitSet before = new BitSet();
    groups(ending).forEach(group -> before.or(byGroup.getOrDefault(group, new BitSet())));
    before.clear(askedBy(ending.span().end()), Math.max(answers.size(), 1));
    before.or(own(ending));
    return before;
  }

  /** Why a transaction rests on an answer. */
  public Tie tie(Ending ending, int place) {
    if (own(ending).get(place)) {
      return Tie.OWN;
    }
    boolean said =
        groups(ending).stream()
            .anyMatch(
                group -> !isUnnamed(group) && byGroup.getOrDefault(group, new BitSet()).get(place));
    return said ? Tie.TASK : Tie.WINDOW;
  }

  /** What a transaction was for: what its statements or its end named, else where it was made. */
  public Task of(Ending ending) {
    return Stream.concat(
            own(ending).stream().mapToObj(place -> answers.get(place).task()),
            Stream.of(ending.task()))
        .filter(task -> task instanceof Task.Named || task instanceof Task.Traced)
        .findFirst()
        .orElse(ending.task());
  }

  /**
   * What belongs together with a transaction, as people are told: where it was said, what was said,
   * whatever else the branch takes for one task.
   *
   * @param key tells it from others of the branch
   * @param task as it was said, or where it was made
   * @param answers their places, all that were asked for it
   */
  public record Piece(String key, Task task, BitSet answers) {}

  /** The piece of work that a transaction belongs to. */
  public Piece pieceOf(Ending ending) {
    Task task = of(ending);
    String key = key(task, new Run(ending.session(), ending.transaction()));
    BitSet all = (BitSet) byKey().getOrDefault(key, new BitSet()).clone();
    all.or(own(ending));
    return new Piece(key, task, all);
  }

  private Map<String, BitSet> byKey() {
    if (byKey.isEmpty()) {
      for (int place = 0; place < answers.size(); place++) {
        Answer answer = answers.get(place);
        byKey
            .computeIfAbsent(
                key(answer.task(), new Run(answer.session(), answer.transaction())),
                _ -> new BitSet())
            .set(place);
      }
    }
    return byKey;
  }

  private String key(Task task, Run run) {
    String alone =
        by == TaskBy.TRANSACTION
            ? run.session() + " " + run.transaction()
            : run.session().toString();
    return switch (task) {
      case Task.Named named -> named.text();
      case Task.Traced traced -> traced.text();
      case Task.Work work ->
          by == TaskBy.WINDOW || by == TaskBy.BRANCH
              ? work.text() + " " + windows.getOrDefault(new Stay(work, run.session()), 0)
              : alone;
      case Task.SessionAlone() -> alone;
    };
  }

  private static boolean isUnnamed(Group group) {
    return group instanceof Group.Window || group instanceof Group.UnderAnyName;
  }

  private BitSet own(Ending ending) {
    return byRun.getOrDefault(new Run(ending.session(), ending.transaction()), new BitSet());
  }

  /**
   * The tasks of a transaction: those that its statements or its end were said to be for, else the
   * windows and session that they were made in. A COMMIT carries no comment.
   */
  private Set<Group> groups(Ending ending) {
    Run run = new Run(ending.session(), ending.transaction());
    Set<Task> tasks = new HashSet<>(Set.of(ending.task()));
    own(ending).stream().forEach(place -> tasks.add(answers.get(place).task()));
    Set<Group> groups = new HashSet<>();
    tasks.forEach(task -> groups.addAll(groups(task, run)));
    if (groups.stream().anyMatch(Group.Said.class::isInstance)) {
      groups.removeIf(group -> !(group instanceof Group.Said));
    }
    return groups;
  }

  private List<Group> groups(Task task, Run run) {
    Group first = group(task, run);
    return first instanceof Group.Window
        ? List.of(first, new Group.UnderAnyName(run.session()))
        : List.of(first);
  }

  private Group group(Task task, Run run) {
    if (by == TaskBy.BRANCH) {
      return new Group.Everything();
    }
    if (traps.has(Trap.SESSIONS_KNOW_THEIR_OWN)) {
      return new Group.OneSession(run.session());
    }
    return switch (task) {
      case Task.Named named -> new Group.Said(named);
      case Task.Traced traced -> new Group.Said(traced);
      case Task.Work work ->
          by == TaskBy.WINDOW
              ? new Group.Window(work, windows.getOrDefault(new Stay(work, run.session()), 0))
              : unnamed(run);
      case Task.SessionAlone() -> unnamed(run);
    };
  }

  private Group unnamed(Run run) {
    return by == TaskBy.TRANSACTION
        ? new Group.OneTransaction(run)
        : new Group.OneSession(run.session());
  }

  /** How many of the answers were asked at this tick or before it. */
  private int askedBy(long tick) {
    int low = 0;
    int high = begins.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (begins[middle] <= tick) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static Map<Stay, Integer> windows(
      List<Answer> answers, List<Ending> endings, Duration gap) {
    Map<Task.Work, Map<UUID, Period>> stays = new HashMap<>();
    for (Answer answer : answers) {
      stay(stays, answer.task(), answer.session(), answer.askedAt(), answer.askedAt());
    }
    for (Ending ending : endings) {
      stay(stays, ending.task(), ending.session(), ending.sentAt(), ending.doneAt());
    }
    Map<Stay, Integer> windows = new HashMap<>();
    stays.forEach((work, sessions) -> number(work, sessions, gap, windows));
    return windows;
  }

  private static void stay(
      Map<Task.Work, Map<UUID, Period>> stays, Task task, UUID session, Instant from, Instant to) {
    if (task instanceof Task.Work work) {
      stays
          .computeIfAbsent(work, _ -> new HashMap<>())
          .merge(session, new Period(from, to.isBefore(from) ? from : to), Period::and);
    }
  }

  private static void number(
      Task.Work work, Map<UUID, Period> sessions, Duration gap, Map<Stay, Integer> windows) {
    List<Map.Entry<UUID, Period>> inOrder = new ArrayList<>(sessions.entrySet());
    inOrder.sort(Comparator.comparing(stay -> stay.getValue().from()));
    int number = -1;
    Instant end = Instant.MIN;
    for (Map.Entry<UUID, Period> stay : inOrder) {
      if (number < 0 || stay.getValue().from().isAfter(end.plus(gap))) {
        number++;
        end = stay.getValue().to();
      } else if (stay.getValue().to().isAfter(end)) {
        end = stay.getValue().to();
      }
      windows.put(new Stay(work, stay.getKey()), number);
    }
  }
}
