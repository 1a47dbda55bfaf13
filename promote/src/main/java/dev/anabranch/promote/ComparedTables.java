package dev.anabranch.promote;

import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.NewestRow;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.rule.Changes;
import dev.anabranch.predicate.rule.Meetings;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.rule.Taken;
import dev.anabranch.predicate.world.Rehearsal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private final Map<Long, Footprint> footprints;
  private final Set<Long> executed;
  private final Reading reading;
  private final Map<Run, List<Answer>> byTransaction;
  private final Map<Run, Unit> byRun;
  private final Set<Run> unclear;
  private final Map<Run, Ending> endings;
  private final TakenAway takenAway;
  private final SchemaSnapshot schema;
  private final Traps traps;
  private final Map<Long, Optional<Set<TableId>>> known = new HashMap<>();
  private final BranchHistory history;
  private final Delta main;

  /** Once somebody asks. */
  private Optional<Meetings> meetings = Optional.empty();

  /**
   * @param byTransaction the branch's answers
   * @param byRun the units of whose transactions it is known that they are
   * @param unclear the transactions that may have made other units
   */
  ComparedTables(
      CheckedBranch checked,
      Reading reading,
      Map<Run, List<Answer>> byTransaction,
      Map<Run, Unit> byRun,
      Set<Run> unclear,
      Traps traps) {
    this.footprints = checked.footprints();
    this.executed =
        checked.history().answers().stream()
            // Rows that were copied in are given, and nobody executes that again.
            .filter(answer -> !answer.commandTag().startsWith(Told.COPY_FROM))
            .map(Answer::id)
            .filter(checked.reads()::containsKey)
            .collect(Collectors.toSet());
    this.reading = reading;
    this.byTransaction = byTransaction;
    this.byRun = byRun;
    this.unclear = unclear;
    this.endings =
        checked.history().endings().stream()
            .collect(Collectors.toMap(Run::of, Function.identity(), (one, other) -> other));
    this.takenAway =
        new TakenAway(checked.history().units(), checked.history().atFork(), checked.changes());
    this.history = checked.history();
    this.main = checked.changes();
    this.schema = history.atFork();
    this.traps = traps;
  }

  /**
   * The tables whose rows told, by a constraint, whether a statement went through of which nothing
   * else is left; empty when nobody knows them.
   */
  Optional<Set<TableId>> by(Answer answer) {
    return known.computeIfAbsent(answer.id(), _ -> find(answer));
  }

  /**
   * Whether rows that main changed over a window may have it otherwise; empty when nobody knows.
   * Those that a transaction wrote which lands are known, and only main's that meet them count.
   *
   * @param before main's rows at the beginning of the window
   */
  Optional<Boolean> mayBear(Answer answer, Delta changes, RowsBefore before) {
    return by(answer)
        .map(tables ->
            tables.stream().anyMatch(table -> hasMoved(changes.of(table)))
                && ofWhatLands(answer)
                    .map(unit -> mayMeet(unit, tables, changes, before))
                    .orElse(true));
  }

  /**
   * Whether a row that another unit wrote may be what main's constraints refused a statement for,
   * or let it through. Of what lands the rows are known, and only those count that they meet.
   */
  boolean mayBeOf(Answer answer, Unit other) {
    Optional<Set<TableId>> tables = by(answer);
    if (tables.isEmpty()) {
      return true;
    }
    return other.writes().stream().map(Write::table).anyMatch(tables.get()::contains)
        && ofWhatLands(answer)
            .filter(own -> own.id() != other.id())
            .map(own -> meetings().mayMeet(own, other))
            .orElse(true);
  }

  private Meetings meetings() {
    return meetings.orElseGet(() -> {
      Meetings made = new Meetings(history.units(), schema, main);
      meetings = Optional.of(made);
      return made;
    });
  }

  private Optional<Unit> ofWhatLands(Answer answer) {
    return answer.told() == Told.REFUSAL || wasTakenBack(answer)
        ? Optional.empty()
        : Optional.ofNullable(byRun.get(Run.of(answer)));
  }

  private boolean mayMeet(Unit unit, Set<TableId> tables, Delta changes, RowsBefore before) {
    Map<TableId, Map<Key, Optional<Image>>> then = new HashMap<>();
    for (TableId table : tables) {
      if (!(changes.of(table) instanceof TableDelta.Rows rows)) {
        return true;
      }
      List<Key> keys = rows.rows().stream().map(NewestRow::key).toList();
      Map<Key, Optional<Image>> known = keys.isEmpty() ? Map.of() : before.of(rows.shape(), keys);
      if (!known.keySet().containsAll(keys)) {
        return true;
      }
      then.put(table, known);
    }
    Changes window =
        new Changes() {
          @Override
          public TableDelta of(TableId table) {
            return changes.of(table);
          }

          @Override
          public Map<Key, Image> forkImages(TableDelta.Rows delta) {
            Map<Key, Image> images = new HashMap<>();
            then.getOrDefault(delta.shape().id(), Map.of())
                .forEach((key, image) -> image.ifPresent(there -> images.put(key, there)));
            return images;
          }
        };
    return new Taken(schema, window, Numbering.NONE).mayBe(tables, Optional.of(List.of(unit)));
  }

  private static boolean hasMoved(TableDelta delta) {
    return !(delta instanceof TableDelta.Rows rows) || !rows.rows().isEmpty();
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
    boolean takenBack = answer.told() != Told.REFUSAL && wasTakenBack(answer);
    if (!refused && (answer.told() == Told.REFUSAL || !mayHaveWritten(answer))) {
      return Optional.of(Set.of());
    }
    Optional<Set<TableId>> written = written(answer);
    Unit unit = byRun.get(Run.of(answer));
    if (!refused && !takenBack && unit != null) {
      // Of one that lands, the row itself needs what made room for it.
      Set<TableId> taken = takenAway.of(unit.id(), written);
      return Optional.of(taken.isEmpty() ? taken : withWhatIsCompared(answer, taken));
    }
    if (written.isEmpty() && executed.contains(answer.id()) && (refused || takenBack)) {
      // What it read, and tried to write, when it was executed again is known.
      return Optional.of(Set.of());
    }
    if (written.isEmpty() && !refused && !takenBack) {
      // It ran code, and its transaction wrote nothing, as far as that is known.
      return unclear.contains(Run.of(answer)) ? Optional.empty() : Optional.of(Set.of());
    }
    boolean ofItsTables = given && ROW_IN_THE_WAY.contains(state);
    return written.map(
        tables -> ofItsTables ? reading.withRows(tables) : withWhatIsCompared(answer, tables));
  }

  /** A view that is written through may look at others to say which rows it takes. */
  private Set<TableId> withWhatIsCompared(Answer answer, Set<TableId> written) {
    Set<TableId> all = reading.withReferences(written);
    reading.tables(footprint(answer.id())).ifPresent(all::addAll);
    return reading.withRows(all);
  }

  /** Not what only reads, and not one statement to one table that told of no row. */
  private boolean mayHaveWritten(Answer answer) {
    Footprint footprint = footprint(answer.id());
    return looksAtWhatWasPutOff(answer)
        || (written(answer).filter(Set::isEmpty).isEmpty()
            && !Reading.wroteNothing(answer, footprint));
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
