package dev.anabranch.promote;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.promote.BranchProvenance.Run;
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
 * Rows that stood in a statement's way, or made room for it: nothing reads them. What those can be
 * is found once for each statement, and asked for each unit.
 */
final class RowsInTheWay {

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

  private final Reading reading;
  private final Function<Answer, Footprint> footprints;
  private final Map<Run, Unit> byRun;
  private final Map<Run, List<Answer>> byTransaction;
  private final Map<Run, Ending> endings;
  private final TakenAway takenAway;
  private final Traps traps;
  private final Map<Long, InTheWay> known = new HashMap<>();

  /**
   * @param byRun the units whose transactions are known
   * @param byTransaction what transactions said
   * @param traps rules that are off
   */
  RowsInTheWay(
      BranchHistory history,
      Reading reading,
      Function<Answer, Footprint> footprints,
      Map<Run, Unit> byRun,
      Map<Run, List<Answer>> byTransaction,
      Traps traps) {
    this.reading = reading;
    this.footprints = footprints;
    this.byRun = byRun;
    this.byTransaction = byTransaction;
    this.endings =
        history.endings().stream()
            .collect(Collectors.toMap(Run::of, Function.identity(), (one, other) -> other));
    this.takenAway = new TakenAway(history.units(), history.atFork());
    this.traps = traps;
  }

  /**
   * Whether a row that a unit wrote may be what main's constraints refused a statement for, or let
   * it through: nothing reads it.
   */
  boolean may(Answer answer, Unit unit) {
    return switch (known.computeIfAbsent(answer.id(), _ -> inTheWay(answer))) {
      case InTheWay.Nothing ignored -> false;
      case InTheWay.Anything ignored -> true;
      case InTheWay.RowsOf(Set<TableId> tables) ->
          unit.writes().stream().map(Write::table).anyMatch(tables::contains);
    };
  }

  /** What may have been in a statement's way, whoever wrote it. */
  private sealed interface InTheWay {
    record Nothing() implements InTheWay {}

    record Anything() implements InTheWay {}

    record RowsOf(Set<TableId> tables) implements InTheWay {}
  }

  private InTheWay inTheWay(Answer answer) {
    if (traps.has(Trap.NOBODY_STOOD_IN_THE_WAY)) {
      return new InTheWay.Nothing();
    }
    boolean given = footprints.apply(answer) instanceof Footprint.OwnWrite;
    String state =
        answer.told() == Told.REFUSAL ? Refusal.parse(answer.commandTag()).sqlState() : "";
    boolean ofItself = given && OF_THE_ROW_ITSELF.contains(state);
    boolean refused =
        (state.startsWith(CONSTRAINT_VIOLATION) || state.equals(VIEW_TAKES_NO_SUCH_ROW))
            && !ofItself;
    if (!refused && !wentThroughForNothing(answer)) {
      return new InTheWay.Nothing();
    }
    boolean ofItsTables = given && ROW_IN_THE_WAY.contains(state);
    return written(answer)
        .map(tables -> ofItsTables ? tables : withWhatIsCompared(answer, tables))
        .<InTheWay>map(InTheWay.RowsOf::new)
        .orElseGet(InTheWay.Anything::new);
  }

  /** A view that is written through may look at others to say which rows it takes. */
  private Set<TableId> withWhatIsCompared(Answer answer, Set<TableId> written) {
    Set<TableId> all = reading.withReferences(written);
    reading.tables(footprints.apply(answer)).ifPresent(all::addAll);
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
    return told
        && (unit == null
            || written
                .map(tables -> takenAway.any(unit.id(), tables))
                .orElseGet(() -> takenAway.any(unit.id())));
  }

  /** Whether its transaction was, or a part of it with this statement. */
  private boolean wasTakenBack(Answer answer) {
    Ending ending = endings.get(Run.of(answer));
    return ending == null
        || switch (ending.kind()) {
          case COMMITTED, COMMITTED_IN_PART -> ending.undone().mayHold(answer.span().end());
          case ROLLED_BACK, UNKNOWN -> true;
        };
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
      Optional<Set<TableId>> tables = reading.written(footprints.apply(statement));
      if (tables.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(tables.get());
    }
    return Optional.of(all);
  }
}
