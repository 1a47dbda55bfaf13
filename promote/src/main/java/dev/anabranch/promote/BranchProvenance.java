package dev.anabranch.promote;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.ShortDigest;
import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.check.CheckedBranch;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.TaskName;
import dev.anabranch.ledger.Told;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.TableDelta;
import dev.anabranch.predicate.footprint.Combining;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.footprint.Traits;
import dev.anabranch.predicate.rule.Reading;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.rule.SharedCells;
import dev.anabranch.predicate.rule.WrittenKeys;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.Owner;
import dev.anabranch.predicate.timeline.Past;
import dev.anabranch.predicate.timeline.Timeline;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.promote.plan.Provenance;
import dev.anabranch.promote.plan.TaskGroup;
import dev.anabranch.promote.plan.Tasks;
import dev.anabranch.promote.plan.Tie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What ties a checked branch's units to its answers. */
final class BranchProvenance implements Provenance {

  /** Catalogs are in no feed, and their rows are nobody's data. */
  private static final long FIRST_USER_OID = 16384;

  private static final int TASK_DIGITS = 10;

  private static final Footprint UNKNOWN = new Footprint.Unanswerable("it was not analysed");

  private final Timeline timeline;
  private final Reading reading;
  private final Tasks tasks;
  private final Map<Long, Footprint> footprints;
  private final Map<Long, Set<TableId>> reads;
  private final Set<Long> redefined;
  private final Map<Long, Set<TableId>> asked;
  private final Map<Long, Unit> units;
  private final Map<Long, Answer> byId;
  private final WrittenKeys writes;
  private final SharedCells shared;
  private final UnitPaths paths;
  private final Map<Long, BitSet> restsOn = new HashMap<>();
  private final Map<Run, Unit> byRun = new HashMap<>();
  private final Set<Run> unclear = new HashSet<>();
  private final ReadPairs pairs;
  private final List<Long> premises;
  private final BranchId branch;
  private final Map<String, String> names = new HashMap<>();
  private final Combining combining;
  private final Map<Run, List<Answer>> byTransaction;
  private final ComparedTables compared;
  private final ColumnOperations operations;
  private final Map<Place, Boolean> onlyOperating = new HashMap<>();
  private final Map<Place, Boolean> leaving = new HashMap<>();

  /** A column, as a unit wrote it. */
  private record Place(long unit, TableId table, int column) {}

  /**
   * @param by what belongs together where nobody named a task
   * @param gap how long nobody works before the next window of work begins
   * @param traps rules that are off
   * @param known what may be known of it already
   */
  BranchProvenance(
      CheckedBranch checked, TaskBy by, Duration gap, Traps traps, Optional<ReadPairs> known) {
    this.branch = checked.branch().id();
    this.timeline =
        new Timeline(
            checked.history().endings(),
            new Past(checked.history().units(), Landed.NOTHING),
            checked.owners());
    this.reading = new Reading(checked.history().atFork());
    this.footprints = checked.footprints();
    this.reads = checked.reads();
    this.redefined = checked.redefined();
    this.asked = checked.asked();
    this.tasks =
        new Tasks(
            checked.history().answers(),
            answer ->
                isOfTheData(footprint(answer.id()))
                    && (answer.told() == Told.ROWS || !traps.has(Trap.EFFECTS_ARE_NO_PREMISES)),
            checked.history().endings(),
            by,
            gap,
            traps);
    this.premises = tasks.answers().stream().map(Answer::id).toList();
    ReadPairs.Ground ground = ReadPairs.Ground.of(checked, traps);
    this.pairs =
        known
            .filter(pairs -> pairs.areOf(ground))
            .orElseGet(() -> new ReadPairs(ground, premises.size()));
    this.byId = tasks.answers().stream().collect(Collectors.toMap(Answer::id, Function.identity()));
    this.paths =
        new UnitPaths(
            timeline,
            checked.history().answers(),
            checked.actsAs().orElse(checked.branch().clientRole()));
    this.combining = checked.combining();
    this.operations =
        new ColumnOperations(
            answer -> footprint(answer.id()),
            List.of(checked.history().atFork(), checked.history().branchNow()));
    this.byTransaction =
        checked.history().answers().stream().collect(Collectors.groupingBy(Run::of));
    this.writes = new WrittenKeys(checked.history().units());
    this.shared =
        traps.has(Trap.EACH_ROW_ALONE)
            ? SharedCells.NONE
            : new SharedCells(
                checked.history().units(), checked.changes(), checked.history().landed());
    this.units =
        checked.history().units().stream().collect(Collectors.toMap(Unit::id, Function.identity()));
    this.compared = new ComparedTables(checked, reading, byTransaction, byRun, unclear, traps);
    checked
        .history()
        .units()
        .forEach(unit -> {
          switch (timeline.owner(unit)) {
            case Owner.One(Ending ending) -> byRun.put(Run.of(ending), unit);
            case Owner.Unclear(List<Ending> endings) ->
                endings.forEach(ending -> unclear.add(Run.of(ending)));
          }
        });
  }

  /** The rows that the branch wrote. */
  WrittenKeys writes() {
    return writes;
  }

  /** What is known of who has read what, for the next plan that is made of the same check. */
  ReadPairs pairs() {
    return pairs;
  }

  @Override
  public List<Long> premises() {
    return premises;
  }

  @Override
  public BitSet restsOn(long unit) {
    return restsOn.computeIfAbsent(unit, _ -> together(owners(unit)));
  }

  /** Of a transaction that did not pass through the gateway nobody knows what it rests on. */
  private BitSet together(List<Ending> owners) {
    BitSet all = new BitSet();
    if (owners.isEmpty()) {
      all.set(0, tasks.answers().size());
    }
    owners.forEach(owner -> all.or(tasks.before(owner)));
    return all;
  }

  private List<Ending> owners(long unit) {
    Unit known = units.get(unit);
    return known == null
        ? List.of()
        : switch (timeline.owner(known)) {
          case Owner.One(Ending ending) -> List.of(ending);
          case Owner.Unclear(List<Ending> endings) -> endings;
        };
  }

  private static boolean isOfTheData(Footprint footprint) {
    return switch (footprint) {
      case Footprint.OwnWrite ignored -> true;
      case Footprint.NotOfData ignored -> false;
      case Footprint.Reads ignored -> true;
      case Footprint.AlwaysRerun ignored -> true;
      case Footprint.Unanswerable ignored -> true;
    };
  }

  @Override
  public Tie tie(long unit, int premise) {
    List<Ending> owners = owners(unit);
    return !owners.isEmpty() && owners.stream().allMatch(owner -> tasks.before(owner).get(premise))
        ? owners.stream().map(owner -> tasks.tie(owner, premise)).max(Tie::compareTo).orElseThrow()
        : Tie.UNCLEAR;
  }

  @Override
  public BitSet mayHaveRead(BitSet premises, Unit unit) {
    return pairs.readers(unit, premises, answers -> readers(answers, unit));
  }

  private BitSet readers(BitSet answers, Unit unit) {
    List<Ending> owners = owners(unit.id());
    BitSet readers = new BitSet();
    for (int place = answers.nextSetBit(0); place >= 0; place = answers.nextSetBit(place + 1)) {
      Answer answer = tasks.answers().get(place);
      readers.set(
          place, isOf(answer, owners) || (timeline.maySee(answer, unit) && mayMatch(answer, unit)));
    }
    return readers;
  }

  @Override
  public BitSet mayHaveSeen(BitSet premises, Unit unit, Set<Integer> columns) {
    BitSet seers = new BitSet();
    premises.stream()
        .filter(place -> mayHaveSeen(tasks.answers().get(place), unit, columns))
        .forEach(seers::set);
    return seers;
  }

  private boolean mayHaveSeen(Answer answer, Unit unit, Set<Integer> columns) {
    boolean own = isOf(answer, unit);
    boolean surelyOwn = own && owners(unit.id()).size() == 1;
    boolean could =
        (own && sawItself(answer.ownWrites(), unit))
            || (!surelyOwn && timeline.maySee(answer, unit));
    return (could && reads(answer, unit, columns) && mayMatch(answer, unit))
        || (own && mayHaveTold(answer, unit));
  }

  private static boolean sawItself(OwnWrites seen, Unit unit) {
    return switch (seen) {
      case OwnWrites.None ignored -> false;
      case OwnWrites.UpTo(long ignored, Lsn upTo) ->
          unit.writes().stream().anyMatch(write -> write.lsn().compareTo(upTo) <= 0);
      case OwnWrites.Unknown ignored -> true;
    };
  }

  private boolean reads(Answer answer, Unit unit, Set<Integer> columns) {
    return columns.isEmpty()
        || answer.told() == Told.REFUSAL
        || unit.writes().stream()
            .map(Write::table)
            .distinct()
            .anyMatch(table -> Reading.mayRead(footprint(answer.id()), table, columns));
  }

  /**
   * Whether the statement that wrote the rows may have told the client of them, or have written
   * others by them.
   */
  private boolean mayHaveTold(Answer answer, Unit unit) {
    Footprint footprint = footprint(answer.id());
    boolean mayWrite =
        answer.told() == Told.EFFECT
            || (answer.told() == Told.ROWS
                && reading.written(footprint).filter(Set::isEmpty).isEmpty());
    if (!mayWrite) {
      return false;
    }
    boolean plain =
        footprint instanceof Footprint.Reads
            || footprint instanceof Footprint.OwnWrite
            || footprint instanceof Footprint.NotOfData;
    Optional<Set<TableId>> written = reading.written(footprint);
    boolean wroteThem =
        written.isEmpty()
            || unit.writes().stream().map(Write::table).anyMatch(written.get()::contains);
    return wroteThem
        && (!plain
            || written.isEmpty()
            || written.get().size() > 1
            || !answer.result().columns().isEmpty());
  }

  @Override
  public String task(long unit) {
    List<Ending> owners = owners(unit);
    return owners.size() == 1 ? name(tasks.pieceOf(owners.getFirst())) : "";
  }

  @Override
  public Optional<Ending> owner(long unit) {
    Unit known = units.get(unit);
    return known != null && timeline.owner(known) instanceof Owner.One(Ending ending)
        ? Optional.of(ending)
        : Optional.empty();
  }

  @Override
  public Optional<Long> madeBy(long answer) {
    return Optional.ofNullable(byId.get(answer))
        .flatMap(known -> Optional.ofNullable(byRun.get(Run.of(known))))
        .map(Unit::id);
  }

  private String name(Tasks.Piece piece) {
    return names.computeIfAbsent(
        piece.key(),
        _ ->
            TaskName.of(
                piece.task(),
                piece.answers().stream()
                    .mapToObj(place -> tasks.answers().get(place).question())
                    .toList()));
  }

  @Override
  public List<TaskGroup> tasks(List<Long> units) {
    Map<String, Tasks.Piece> pieces = new LinkedHashMap<>();
    Map<String, List<Long>> members = new LinkedHashMap<>();
    for (long unit : units) {
      List<Ending> owners = owners(unit);
      String key = "";
      if (owners.size() == 1) {
        Tasks.Piece piece = tasks.pieceOf(owners.getFirst());
        key = piece.key();
        pieces
            .computeIfAbsent(key, _ -> new Tasks.Piece(piece.key(), piece.task(), new BitSet()))
            .answers()
            .or(piece.answers());
      }
      members.computeIfAbsent(key, _ -> new ArrayList<>()).add(unit);
    }
    List<TaskGroup> groups = new ArrayList<>();
    members.forEach((key, own) -> {
      BitSet rests = new BitSet();
      own.forEach(unit -> rests.or(restsOn(unit)));
      Set<Long> restsOnIds =
          rests.stream()
              .mapToObj(place -> tasks.answers().get(place).id())
              .collect(Collectors.toSet());
      Tasks.Piece piece = pieces.get(key);
      groups.add(
          piece == null
              ? new TaskGroup("", "", "", 0, restsOnIds, own)
              : new TaskGroup(
                  ShortDigest.of(TASK_DIGITS, List.of(branch.toString(), key)),
                  name(piece),
                  piece.task().shown(),
                  piece.answers().cardinality(),
                  restsOnIds,
                  own));
    });
    return groups;
  }

  /** What a statement did is a premise only as long as it is done on main, too. */
  private boolean isOf(Answer answer, Unit unit) {
    return isOf(answer, owners(unit.id()));
  }

  private static boolean isOf(Answer answer, List<Ending> owners) {
    for (Ending owner : owners) {
      if (owner.session().equals(answer.session()) && owner.transaction() == answer.transaction()) {
        return true;
      }
    }
    return false;
  }

  /** What was executed again is known to read more, or less, than its words say. */
  private boolean mayMatch(Answer answer, Unit unit) {
    if (compared.mayBeOf(answer, unit)) {
      return true;
    }
    if (footprint(answer.id()) instanceof Footprint.AlwaysRerun rerun
        && rerun.besidesReferringRows().isPresent()
        && answer.told() == Told.EFFECT) {
      Optional<Unit> own = Optional.ofNullable(byRun.get(Run.of(answer)));
      if (own.isPresent() || answer.commandTag().endsWith(" 0")) {
        return reading.mayTellOrFollow(
            rerun.besidesReferringRows().get(), answer.question().parameters(), own, unit, shared);
      }
    }
    Set<TableId> onMain = asked.getOrDefault(answer.id(), Set.of());
    if (unit.writes().stream().map(Write::table).anyMatch(onMain::contains)) {
      return true;
    }
    Set<TableId> executed = reads.get(answer.id());
    return executed == null
        ? reading.mayTell(footprint(answer.id()), answer.question().parameters(), unit, shared)
        : unit.writes().stream().map(Write::table).anyMatch(executed::contains);
  }

  @Override
  public Optional<Boolean> mayBear(long answer, Delta changes, RowsBefore before) {
    Optional<Boolean> read = mayBearOnRows(answer, changes, before);
    Answer known = byId.get(answer);
    Optional<Boolean> told =
        known == null ? Optional.of(false) : compared.mayBear(known, changes, before);
    boolean bears = read.orElse(false) || told.orElse(false);
    return bears || (read.isPresent() && told.isPresent()) ? Optional.of(bears) : Optional.empty();
  }

  private Optional<Boolean> mayBearOnRows(long answer, Delta changes, RowsBefore before) {
    Set<TableId> executed = asked.getOrDefault(answer, reads.get(answer));
    if (executed != null) {
      return Optional.of(
          executed.stream()
              .filter(table -> table.oid() >= FIRST_USER_OID)
              .anyMatch(table -> hasMoved(changes.of(table))));
    }
    if (redefined.contains(answer)) {
      return mayBearAnywhere(answer, changes);
    }
    Footprint footprint = footprint(answer);
    return reading.tables(footprint).isEmpty()
        ? Optional.empty()
        : Optional.of(reading.mayBear(footprint, parameters(answer), changes, writes, before));
  }

  /** What main has it read now may be any table: of those that no feed tells of, nobody knows. */
  private Optional<Boolean> mayBearAnywhere(long answer, Delta changes) {
    Set<TableId> known = reading.tables(footprint(answer)).orElse(Set.of());
    boolean moved =
        changes.tables().entrySet().stream()
            .anyMatch(entry ->
                entry.getValue() instanceof TableDelta.Unwatched
                    ? known.contains(entry.getKey())
                    : hasMoved(entry.getValue()));
    boolean untold =
        changes.tables().values().stream().anyMatch(TableDelta.Unwatched.class::isInstance);
    return moved || !untold ? Optional.of(moved) : Optional.empty();
  }

  private static boolean hasMoved(TableDelta delta) {
    return switch (delta) {
      case TableDelta.Rows rows -> !rows.rows().isEmpty();
      case TableDelta.Touched ignored -> true;
      case TableDelta.Unwatched ignored -> true;
    };
  }

  private List<Parameter> parameters(long answer) {
    Answer known = byId.get(answer);
    return known == null ? List.of() : known.question().parameters();
  }

  @Override
  public Combining combining() {
    return combining;
  }

  @Override
  public boolean onlyOperates(long unit, TableId table, int column) {
    return onlyOperating.computeIfAbsent(
        new Place(unit, table, column), _ -> operations.only(statements(unit), table, column));
  }

  @Override
  public boolean mayOperate(long unit, TableId table, int column) {
    return operations.any(statements(unit), table, column);
  }

  @Override
  public boolean mayHaveLeft(long unit, TableId table, int column) {
    return leaving.computeIfAbsent(
        new Place(unit, table, column),
        _ ->
            operations.mayHaveLeft(
                Optional.ofNullable(units.get(unit)), statements(unit), table, column));
  }

  /** What a unit's transaction said; nothing where it is not known which that was. */
  private List<Answer> statements(long unit) {
    List<Ending> owners = owners(unit);
    return owners.size() == 1
        ? byTransaction.getOrDefault(
            new Run(owners.getFirst().session(), owners.getFirst().transaction()), List.of())
        : List.of();
  }

  @Override
  public String searchPath(long unit) {
    return Optional.ofNullable(units.get(unit)).map(paths::of).orElse("");
  }

  @Override
  public Optional<Set<TableId>> reads(long answer) {
    Optional<Set<TableId>> onMain = Optional.ofNullable(asked.get(answer));
    Optional<Set<TableId>> read =
        onMain.isPresent() || redefined.contains(answer)
            ? onMain
            : Optional.ofNullable(reads.get(answer)).or(() -> reading.tables(footprint(answer)));
    return read.flatMap(tables ->
        comparedBy(answer)
            .map(
                told -> Stream.concat(tables.stream(), told.stream()).collect(Collectors.toSet())));
  }

  private Optional<Set<TableId>> comparedBy(long answer) {
    Answer known = byId.get(answer);
    return known == null ? Optional.of(Set.of()) : compared.by(known);
  }

  @Override
  public boolean isGiven(long answer) {
    return footprint(answer) instanceof Footprint.OwnWrite;
  }

  @Override
  public boolean isTimeless(long answer) {
    return switch (footprint(answer)) {
      case Footprint.OwnWrite ignored -> true;
      case Footprint.Reads reads -> isTimeless(reads.traits());
      case Footprint.AlwaysRerun rerun -> isTimeless(rerun.traits());
      case Footprint.NotOfData ignored -> false;
      case Footprint.Unanswerable ignored -> false;
    };
  }

  private static boolean isTimeless(Traits traits) {
    return traits.timeDependent().isEmpty() || traits.writes().isPresent();
  }

  private Footprint footprint(long answer) {
    return footprints.getOrDefault(answer, UNKNOWN);
  }
}
