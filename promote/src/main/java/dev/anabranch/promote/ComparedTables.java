package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.world.Rehearsal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which tables' rows told, by a constraint, whether a statement of a branch went through. No
 * statement reads them, and main's constraints look again only at what lands. Not thread-safe.
 */
final class ComparedTables {

  /** The class of SQL states, the last of which are of a unique key or an exclusion constraint. */
  private static final String CONSTRAINT_VIOLATION = "23";

  /** with_check_option_violation. */
  private static final String VIEW_TAKES_NO_SUCH_ROW = "44000";

  private static final Set<String> ROW_IN_THE_WAY = Set.of("23505", "23P01");

  /** not_null_violation and check_violation, of a row whose values were given. */
  private static final Set<String> OF_THE_ROW_ITSELF = Set.of("23502", "23514");

  /** What told of rows that it wrote; of none that it read, as COPY TO does. */
  private static final Pattern WRITING =
      Pattern.compile("(INSERT|UPDATE|DELETE|MERGE|COPY FROM) .*(?<! 0)");

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private final Map<Long, Footprint> footprints;
  private final Set<Long> executed;
  private final Reading reading;
  private final Map<Run, List<Answer>> byTransaction;
  private final Map<Run, Unit> byRun;
  private final Map<Run, Ending> endings;
  private final TakenAway takenAway;
  private final Traps traps;
  private final Map<Long, Optional<Set<TableId>>> known = new HashMap<>();

  /**
   * @param byTransaction the branch's answers
   * @param byRun the units of whose transactions it is known that they are
   */
  ComparedTables(
      CheckedBranch checked,
      Reading reading,
      Map<Run, List<Answer>> byTransaction,
      Map<Run, Unit> byRun,
      Traps traps) {
    this.footprints = checked.footprints();
    this.executed = checked.reads().keySet();
    this.reading = reading;
    this.byTransaction = byTransaction;
    this.byRun = byRun;
    this.endings =
        checked.history().endings().stream()
            .collect(Collectors.toMap(Run::of, Function.identity(), (one, other) -> other));
    this.takenAway = new TakenAway(checked.history().units(), checked.history().atFork());
    this.traps = traps;
  }

  /**
   * The tables whose rows told, by a constraint, whether a statement went through of which nothing
   * else is left; empty when nobody knows them.
   */
  Optional<Set<TableId>> by(Answer answer) {
    return known.computeIfAbsent(answer.id(), _ -> find(answer));
  }

  private Optional<Set<TableId>> find(Answer answer) {
    if (traps.has(Trap.NOBODY_STOOD_IN_THE_WAY)) {
      return Optional.of(Set.of());
    }
    boolean given = footprint(answer.id()) instanceof Footprint.OwnWrite;
    String state =
        answer.told() == Told.REFUSAL ? Refusal.parse(answer.commandTag()).sqlState() : "";
    boolean ofItself = given && OF_THE_ROW_ITSELF.contains(state);
    boolean refused =
        (state.startsWith(CONSTRAINT_VIOLATION) || state.equals(VIEW_TAKES_NO_SUCH_ROW))
            && !ofItself;
    if (!refused && !wentThroughForNothing(answer)) {
      return Optional.of(Set.of());
    }
    Optional<Set<TableId>> written = written(answer);
    if (written.isEmpty() && executed.contains(answer.id()) && (refused || wasTakenBack(answer))) {
      // What it read, and tried to write, when it was executed again is known.
      return Optional.of(Set.of());
    }
    boolean ofItsTables = given && ROW_IN_THE_WAY.contains(state);
    return written.map(tables -> ofItsTables ? tables : withWhatIsCompared(answer, tables));
  }

  /** A view that is written through may look at others to say which rows it takes. */
  private Set<TableId> withWhatIsCompared(Answer answer, Set<TableId> written) {
    Set<TableId> all = reading.withReferences(written);
    reading.tables(footprint(answer.id())).ifPresent(all::addAll);
    return all;
  }

  /**
   * Whether a statement wrote rows of which nothing is left: of one that lands, the row itself
   * needs what made room for it.
   */
  private boolean wentThroughForNothing(Answer answer) {
    Optional<Set<TableId>> written = written(answer);
    if (answer.told() == Told.REFUSAL || written.filter(Set::isEmpty).isPresent()) {
      return false;
    }
    boolean told = WRITING.matcher(answer.commandTag()).matches() || looksAtWhatWasPutOff(answer);
    Unit unit = byRun.get(Run.of(answer));
    if (wasTakenBack(answer)) {
      return told || answer.told() == Told.ROWS || written.isEmpty();
    }
    return unit == null
        ? told
        : (told || written.isEmpty())
            && written
                .map(tables -> takenAway.any(unit.id(), tables))
                .orElseGet(() -> takenAway.any(unit.id()));
  }

  /** Whether its transaction was, or a part of it with this statement. */
  private boolean wasTakenBack(Answer answer) {
    Ending ending = endings.get(Run.of(answer));
    return ending == null || ending.mayHaveTakenBack(answer.span().end());
  }

  /** Whether constraints were looked at that all its transaction had put off. */
  private static boolean looksAtWhatWasPutOff(Answer answer) {
    return Rehearsal.ends(answer) || answer.commandTag().equals(Told.SET_CONSTRAINTS);
  }

  /** The tables that it wrote to, or its whole transaction did where that was looked at. */
  private Optional<Set<TableId>> written(Answer answer) {
    List<Answer> statements =
        looksAtWhatWasPutOff(answer)
            ? byTransaction.getOrDefault(Run.of(answer), List.of()).stream()
                .filter(statement -> !looksAtWhatWasPutOff(statement))
                .toList()
            : List.of(answer);
    Set<TableId> all = new HashSet<>();
    for (Answer statement : statements) {
      Optional<Set<TableId>> tables = reading.written(footprint(statement.id()));
      if (tables.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(tables.get());
    }
    return Optional.of(all);
  }

  private Footprint footprint(long answer) {
    return footprints.getOrDefault(answer, UNKNOWN);
  }
}
