package dev.anabranch.predicate;

import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Undone;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.footprint.Repeat;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Placement;
import dev.anabranch.predicate.timeline.Seen;
import dev.anabranch.predicate.timeline.TakenOff;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.world.Later;
import dev.anabranch.predicate.world.Rehearsal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tells what of a transaction is executed again for one of its statements, and over which of the
 * branch's writes.
 */
final class Scripts {

  /** What is to be executed again for a statement; or why that can't be. */
  sealed interface Script {
    record Playable(Rehearsal rehearsal) implements Script {}

    record Lost(String why) implements Script {}
  }

  private final Transactions transactions;
  private final Timeline timeline;
  private final Supplier<TakenOff> landed;
  private final Map<Long, Script> wholes = new HashMap<>();

  /** By what is executed on main: a transaction is executed once, for all of its statements. */
  private final IdentityHashMap<Rehearsal, Optional<Rehearsal>> places = new IdentityHashMap<>();

  /**
   * @param landed what of the branch's landed work can be taken off main, so that a statement does
   *     not find what came after it
   */
  Scripts(Transactions transactions, Supplier<TakenOff> landed) {
    this.transactions = transactions;
    this.timeline = transactions.timeline();
    this.landed = landed;
  }

  /** All of a transaction's statements that may have written; or those up to an answer. */
  Script of(Answer answer) {
    if (!transactions.mayWrite(answer)) {
      return script(transactions.upTo(answer), false);
    }
    List<Answer> all = transactions.executed(answer);
    return wholes.computeIfAbsent(all.getFirst().id(), _ -> script(all, true));
  }

  /** One statement of a transaction that is on main: all else that the transaction did is there. */
  Script alone(Answer answer) {
    return obstacle(answer)
        .<Script>map(Script.Lost::new)
        .orElseGet(() ->
            placed(List.of(answer), Undone.nothing(), Optional.empty(), TakenOff.NOTHING, false));
  }

  private Script script(List<Answer> statements, boolean all) {
    Answer any = statements.getFirst();
    Optional<Ending> ending = transactions.ending(any);
    Undone undone = ending.map(Ending::undone).orElse(Undone.nothing());
    Optional<Unit> written = transactions.unit(any);
    Optional<String> obstacle =
        statements.stream()
            .flatMap(answer -> obstacle(answer).stream())
            .findFirst()
            .or(() -> unsure(statements, ending, undone, all));
    if (obstacle.isPresent()) {
      return new Script.Lost(obstacle.get());
    }
    boolean whole = all && ending.filter(Scripts::mayHaveCommitted).isPresent();
    boolean landed = written.filter(timeline.past()::isLanded).isPresent();
    TakenOff takenOff =
        landed && all
            ? timeline.past().withoutLanded(written.get()).orElse(TakenOff.NOTHING)
            : TakenOff.NOTHING;
    return landed && takenOff.isEmpty()
        ? new Script.Lost("what its transaction wrote is on main")
        : placed(statements, undone, written, takenOff, whole);
  }

  /**
   * The same on a main without what the branch has landed since, or has landed of it; empty where
   * that is no other, and for one that is executed without the rest of its transaction.
   */
  Optional<Rehearsal> inItsPlace(Rehearsal onMain) {
    return places.computeIfAbsent(onMain, this::withoutLanded);
  }

  private Optional<Rehearsal> withoutLanded(Rehearsal onMain) {
    boolean alone =
        onMain.takenOff().isEmpty()
            && transactions.landed(onMain.statements().getFirst()).isPresent();
    TakenOff all = landed.get();
    Set<Long> there = new HashSet<>(all.units());
    onMain.seen().units().forEach(seen -> there.remove(seen.id()));
    boolean isOther =
        !alone
            && !there.isEmpty()
            && all.units().containsAll(onMain.takenOff().units())
            && !all.units().equals(onMain.takenOff().units());
    return isOther ? Optional.of(onMain.without(all)) : Optional.empty();
  }

  private Optional<String> unsure(
      List<Answer> statements, Optional<Ending> ending, Undone undone, boolean all) {
    Answer any = statements.getFirst();
    boolean unknown = all && transactions.unit(any).isEmpty();
    if (statements.stream().anyMatch(transactions::maySeeLater)) {
      return Optional.of(
          "its transaction wrote while its rows were read, and it may have seen some of that");
    }
    if (undone instanceof Undone.Unknown) {
      return Optional.of(
          "its transaction was rolled back to a savepoint, and it is not known what that undid");
    }
    if (unknown
        && ending.filter(Scripts::mayHaveCommitted).isPresent()
        && transactions.isUnclear(any)) {
      return Optional.of("what its transaction wrote is not known for sure");
    }
    return unknown && ending.map(Ending::kind).equals(Optional.of(Ending.Kind.UNKNOWN))
        ? Optional.of("it is not known how its transaction ended")
        : Optional.empty();
  }

  private static boolean mayHaveCommitted(Ending ending) {
    return switch (ending.kind()) {
      case COMMITTED, COMMITTED_IN_PART, UNKNOWN -> true;
      case ROLLED_BACK -> false;
    };
  }

  /** What the first statement saw for certain; what only some may have seen is kept apart. */
  private Script placed(
      List<Answer> statements,
      Undone undone,
      Optional<Unit> unit,
      TakenOff takenOff,
      boolean whole) {
    Past past = timeline.past();
    Set<Integer> surely = new TreeSet<>();
    Set<Integer> perhaps = new TreeSet<>();
    for (int i = 0; i < statements.size(); i++) {
      switch (timeline.place(Transactions.alone(statements.get(i)), table -> true)) {
        case Placement.Unknown(String why) -> {
          return new Script.Lost(why);
        }
        case Placement.Known(List<Seen> alternatives) -> {
          Set<Integer> all = places(alternatives.getFirst(), past);
          alternatives.forEach(seen -> all.retainAll(places(seen, past)));
          if (i == 0) {
            surely.addAll(all);
          }
          alternatives.forEach(seen -> perhaps.addAll(places(seen, past)));
        }
      }
    }
    perhaps.removeAll(surely);
    Map<Long, Later> later = new HashMap<>();
    statements.forEach(
        answer -> transactions.later(answer).ifPresent(next -> later.put(answer.id(), next)));
    return new Script.Playable(
        new Rehearsal(
            statements,
            Rehearsal.Taken.back(statements, undone),
            seen(surely),
            perhaps.stream()
                .flatMap(place -> past.tables(place).stream())
                .collect(Collectors.toSet()),
            unit,
            takenOff,
            later,
            statements.stream().anyMatch(this::mayReadTheClock),
            whole));
  }

  private Seen seen(Set<Integer> surely) {
    int upTo = surely.stream().max(Integer::compare).map(last -> last + 1).orElse(0);
    Set<Integer> missing =
        IntStream.range(0, upTo)
            .filter(place -> !surely.contains(place))
            .boxed()
            .collect(Collectors.toSet());
    return new Seen(timeline.past(), upTo, missing, Optional.empty());
  }

  /** Code may, whatever it is; words show it. */
  private boolean mayReadTheClock(Answer answer) {
    return Judge.namesMoment(answer)
        || transactions
            .traits(answer)
            .map(traits ->
                traits.userCode()
                    || traits.timeDependent().isPresent()
                    || traits.repeat() instanceof Repeat.Drawn)
            .orElse(true);
  }

  private static Set<Integer> places(Seen seen, Past past) {
    return IntStream.range(0, past.units().size())
        .filter(seen::sees)
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Optional<String> obstacle(Answer answer) {
    if (answer.withheld().isPresent()) {
      return Optional.of("a statement of its transaction was kept out of the ledger");
    }
    Map<String, String> settings = answer.question().settings();
    if (settings.isEmpty()) {
      return Optional.of("its session's settings could not be read");
    }
    if (settings.containsKey("anabranch.unknown")) {
      return Optional.of(settings.getOrDefault("anabranch.unknown", ""));
    }
    if (!settings.getOrDefault("anabranch.temporary", "").isEmpty()) {
      return Optional.of("its session had temporary tables");
    }
    if (answer.commandTag().startsWith("EXPLAIN")) {
      return Optional.of("an EXPLAIN tells plans and times");
    }
    if (answer.commandTag().startsWith(Told.COPY_FROM)) {
      return Optional.of("the rows that were copied in are not kept");
    }
    return answer.question().parameters().stream().allMatch(Parameter::readable)
        ? Optional.empty()
        : Optional.of("a parameter came in a binary form that can't be read");
  }
}
