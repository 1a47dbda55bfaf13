package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Withheld;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.schema.SchemaReader;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.BranchHistory;
import dev.anabranch.predicate.Check;
import dev.anabranch.predicate.CheckReport;
import dev.anabranch.predicate.Reruns;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.predicate.rule.DdlEntry;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.predicate.rule.SchemaDrift;
import dev.anabranch.predicate.rule.WrittenKeys;
import dev.anabranch.predicate.timeline.Landed;
import dev.anabranch.predicate.timeline.OldRows;
import dev.anabranch.predicate.world.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Checks a branch: which of its answers still hold. One check at a time for each branch. */
public final class Checker implements AutoCloseable {

  /** As long as a promotion's check may read a table, beside what its answers take. */
  private static final Duration MARKING_PATIENCE = Duration.ofSeconds(10);

  /** Nobody has asked for it: what fills the memory is left to whoever does. */
  private static final long MOST_PREPARED = Runtime.getRuntime().maxMemory() / 16;

  private final Branches branches;
  private final Ledger ledger;
  private final Consumer<BranchId> flushLedger;
  private final BranchLog wal;
  private final CheckContext context;
  private final LandedUnits landedUnits;
  private final Supplier<Traps> traps;
  private final RunningChecks running = new RunningChecks();
  private final Kept kept = new Kept();

  /**
   * @param flushLedger returns when every answer that clients of a branch have got is in the ledger
   * @param wal reads a branch's log into the ledger
   * @param landedUnits tells what of a branch is on main
   * @param traps asked at each check; {@link Traps#NONE} but in tests of the tests
   */
  public Checker(
      Branches branches,
      Ledger ledger,
      Consumer<BranchId> flushLedger,
      BranchLog wal,
      CheckContext context,
      LandedUnits landedUnits,
      Supplier<Traps> traps) {
    this.branches = branches;
    this.ledger = ledger;
    this.flushLedger = flushLedger;
    this.wal = wal;
    this.context = context;
    this.landedUnits = landedUnits;
    this.traps = traps;
  }

  /**
   * Waits for its turn while others check the branch.
   *
   * @throws AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY while a promotion of it is being
   *     written, FEED_BEHIND, or why the check could not be finished: also that its {@link Caller}
   *     waits no more
   */
  public CheckReport check(BranchName name) {
    return check(branches.get(name), MainNow.PATIENCE);
  }

  /** The same for one life of a branch. */
  public CheckReport check(Branch branch) {
    return check(branch, MainNow.PATIENCE);
  }

  /**
   * The same.
   *
   * @param feedPatience for how long it waits for main's changes to be known
   */
  public CheckReport check(Branch branch, Duration feedPatience) {
    return examine(branch, feedPatience, Optional.empty()).report();
  }

  /** The same, with what the verdicts rest on, and marks of what tables hold. */
  public CheckedBranch examine(BranchName name) {
    return examine(branches.get(name), MainNow.PATIENCE, Optional.of(MARKING_PATIENCE));
  }

  private CheckedBranch examine(Branch branch, Duration feedPatience, Optional<Duration> marking) {
    try (RunningChecks.Run run = running.begin(branch.id(), feedPatience);
        Connection connection = run.watched(branches.connectAsOwner(branch))) {
      return examine(branch, connection, run, marking);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.CHECK_FAILED, e, Analyst.firstLine(e));
    }
  }

  /**
   * Does of the next check what can be done before anybody asks for it: statements are analysed,
   * and judged by what is known of main's changes. Asks nothing again, and does nothing while the
   * branch is being checked, or is prepared.
   *
   * @return how long it took; nothing where nothing was to be done
   * @throws AnabranchException when it could not be done; the next check does it then
   */
  public Duration prepare(Branch branch) {
    if (!traps.get().equals(Traps.NONE) || ledger.lastTick(branch.id()) == 0) {
      return Duration.ZERO;
    }
    Optional<RunningChecks.Run> free = running.beginIfFree(branch.id(), MainNow.PATIENCE);
    if (free.isEmpty()) {
      return Duration.ZERO;
    }
    try (RunningChecks.Run run = free.get()) {
      Kept.OfBranch ofBranch = kept.branch(branch.id()).under(context.combiningSince(branch));
      Kept.Prepared now =
          new Kept.Prepared(
              ledger.lastTick(branch.id()),
              landed(branch),
              kept.fork(branch.forkLsn()).delta(context.feed()).tables());
      if (!ofBranch.isToBePrepared(now)) {
        return Duration.ZERO;
      }
      long began = System.nanoTime();
      if (wal.unread(branch) + ledger.length(branch.id()) <= MOST_PREPARED) {
        prepare(branch, ofBranch, run);
      }
      Duration spent = Duration.ofNanos(System.nanoTime() - began);
      ofBranch.keep(now, spent);
      return spent;
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.CHECK_FAILED, e, Analyst.firstLine(e));
    }
  }

  private void prepare(Branch branch, Kept.OfBranch ofBranch, RunningChecks.Run run)
      throws SQLException {
    try (Connection connection = run.watched(branches.connectAsOwner(branch));
        Connection before = run.watched(branches.connectAsOwner(branch))) {
      Beginning begun =
          new Beginning(
              branch,
              connection,
              BranchRows.begin(before),
              position(connection),
              Optional.empty(),
              Traps.NONE);
      try (Examination examined = open(begun, ofBranch, run)) {
        Check check = examined.check(ofBranch, Traps.NONE);
        check.prepare();
        ofBranch.keep(check.standing(), Traps.NONE);
      }
    }
  }

  /**
   * How relations are stored on main at a position or later, as a snapshot's facet {@code storage}
   * has it; empty when the mirror does not get there in time.
   */
  public Map<TableId, String> storage(Set<TableId> relations, Lsn position, Duration patience) {
    if (!context.mirror().awaitReplay(position, patience)) {
      return Map.of();
    }
    return context
        .mirror()
        .read(connection -> {
          try {
            return SchemaReader.storage(connection, relations);
          } catch (SQLException e) {
            throw new AnabranchException(ErrorCode.CHECK_FAILED, e, Analyst.firstLine(e));
          }
        });
  }

  /**
   * Marks of what these tables hold on main at a position or later, which are the same as an
   * earlier check's where the rows are; those that there is no time for are left out.
   *
   * @param patience for the mirror to get there, and for each table
   */
  public Map<TableId, String> marks(Set<TableId> tables, Lsn position, Duration patience) {
    if (!context.mirror().awaitReplay(position, patience)) {
      return Map.of();
    }
    return context
        .mirror()
        .read(connection -> {
          try {
            connection.setAutoCommit(false);
            return RowMarks.read(connection, tables, patience);
          } catch (SQLException e) {
            throw new AnabranchException(ErrorCode.CHECK_FAILED, e, Analyst.firstLine(e));
          }
        });
  }

  /**
   * Executes transactions of a checked branch again on a copy of main as it is now.
   *
   * @param candidates the units whose transactions they are
   * @param leftOut the units that never land
   * @return what came of each
   * @throws AnabranchException as a check does
   */
  public Map<Long, Again> rerun(
      CheckedBranch checked, Set<Long> candidates, Set<Long> leftOut, Reruns.Choosing choosing) {
    Branch branch = checked.branch();
    Traps sprung = traps.get();
    try (RunningChecks.Run run = running.begin(branch.id(), MainNow.PATIENCE);
        Analyst analyst =
            new Analyst(
                () -> run.watched(branches.connectAsOwner(branch)),
                branch.clientRole(),
                checked.history().branchNow(),
                kept.branch(branch.id()),
                sprung);
        BranchWorld world =
            new BranchWorld(context, branch, analyst, checked.actsAs(), run, kept)) {
      return new Reruns(checked.history(), checked.footprints(), world, sprung)
          .run(candidates, leftOut, choosing);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.CHECK_FAILED, e, Analyst.firstLine(e));
    }
  }

  /**
   * Main's rows as they were at a check, as far as that is known; the caller closes it. Writers of
   * the branch go on meanwhile, and whoever alters its tables waits.
   *
   * @param tables whose rows may be asked for
   * @param written the rows that the branch wrote
   */
  public RowsBefore rowsAt(CheckedBranch checked, Set<TableId> tables, WrittenKeys written) {
    return new RowsAtCheck(
        checked,
        tables,
        written,
        new RowsAtCheck.Opening() {
          @Override
          public Connection connect() {
            return branches.connectAsOwner(checked.branch());
          }

          @Override
          public boolean isAsChecked() throws SQLException {
            return isLeftAlone(checked);
          }
        });
  }

  private boolean isLeftAlone(CheckedBranch checked) throws SQLException {
    Branch branch = checked.branch();
    SchemaSnapshot then = checked.history().branchNow();
    Lsn last =
        checked.history().units().stream()
            .map(Unit::commitLsn)
            .max(Lsn::compareTo)
            .orElse(Lsn.ZERO);
    try (Connection connection = branches.connectAsOwner(branch)) {
      BranchLog.flush(connection);
      wal.drain(branch);
      Lsn now = ledger.lastUnitLsn(branch.id());
      return now.equals(last)
          && then.equals(kept.branch(branch.id()).definitions().read(connection, then.asOf()));
    }
  }

  /** Stops the checks that are under way. */
  @Override
  public void close() {
    running.close();
  }

  private CheckedBranch examine(
      Branch branch, Connection connection, RunningChecks.Run run, Optional<Duration> marking)
      throws SQLException {
    // A unit at or below this position rests on answers that the flush below brings into the
    // ledger.
    Lsn answered = position(connection);
    flushLedger.accept(branch.id());
    Kept.OfBranch ofBranch = kept.branch(branch.id()).under(context.combiningSince(branch));
    Traps sprung = traps.get();
    Optional<CheckedBranch> again =
        sprung.equals(Traps.NONE)
            ? again(branch, connection, answered, ofBranch, run)
            : Optional.empty();
    if (again.isPresent()) {
      return again.get();
    }
    try (Connection before = run.watched(branches.connectAsOwner(branch))) {
      Beginning begun =
          new Beginning(branch, connection, BranchRows.begin(before), answered, marking, sprung);
      return examine(begun, ofBranch, run);
    }
  }

  /**
   * Where a check begins.
   *
   * @param before a snapshot of it from before its log is read
   * @param marking how long each table may be read to mark what it holds
   * @param answered what was committed at or below it rests on answers that are in the ledger
   */
  private record Beginning(
      Branch branch,
      Connection connection,
      Connection before,
      Lsn answered,
      Optional<Duration> marking,
      Traps traps) {}

  /**
   * All that a check looks at, once it has been read.
   *
   * @param units its own, with all columns that they wrote
   * @param tick the last of the ledger's that it may not have known the entries after
   * @param end of the branch's log
   * @param memberOf the role of main that its client acts as
   */
  private record Examination(
      BranchHistory history,
      List<Unit> units,
      Landed landed,
      long tick,
      Lsn end,
      Optional<String> memberOf,
      Analyst analyst,
      BranchWorld world)
      implements AutoCloseable {

    Check check(Kept.OfBranch ofBranch, Traps traps) {
      return new Check(history, world, ofBranch.combining(), traps, ofBranch.standing(traps));
    }

    @Override
    public void close() throws SQLException {
      try (analyst) {
        world.close();
      }
    }
  }

  private Examination open(Beginning begun, Kept.OfBranch ofBranch, RunningChecks.Run run)
      throws SQLException {
    Branch branch = begun.branch();
    Connection connection = begun.connection();
    Traps sprung = begun.traps();
    long tick = ledger.lastTick(branch.id());
    List<Answer> answers = Withheld.together(ofBranch.answers(ledger, branch.id()));
    // None of these answers saw a unit above this position.
    Lsn seen = position(connection);
    BranchLog.flush(connection);
    run.step();
    Lsn end = wal.drain(branch);
    run.step();
    flushLedger.accept(branch.id());
    SchemaSnapshot branchNow = ofBranch.definitions().read(connection, branch.forkLsn());
    List<DdlEntry> ddl = BranchDdl.read(connection);
    Optional<String> memberOf = ClientRole.actedBy(connection, branch.clientRole());
    Analyst analyst =
        new Analyst(
            () -> run.watched(branches.connectAsOwner(branch)),
            branch.clientRole(),
            branchNow,
            sprung.equals(Traps.NONE) ? ofBranch : new Kept.OfBranch().under(ofBranch.combining()),
            sprung);
    BranchWorld world = new BranchWorld(context, branch, analyst, memberOf, run, kept);
    try {
      Landed landed = landed(branch);
      SchemaSnapshot branchAtFork = context.schemas().of(branch);
      List<Unit> units =
          units(begun, ofBranch.units(ledger, branch.id()), branchAtFork, branchNow, world, seen);
      BranchHistory history =
          new BranchHistory(
              branch.forkLsn(),
              answers,
              ledger.endings(branch.id()),
              new ForkLayout(branchAtFork).of(units),
              landed,
              context.schemas().at(branch.forkLsn(), ForkSchemas.Side.MAIN),
              branchAtFork,
              branchNow,
              ddl);
      return new Examination(history, units, landed, tick, end, memberOf, analyst, world);
    } catch (RuntimeException e) {
      try (analyst) {
        world.close();
      }
      throw e;
    }
  }

  private CheckedBranch examine(Beginning begun, Kept.OfBranch ofBranch, RunningChecks.Run run)
      throws SQLException {
    Branch branch = begun.branch();
    Traps sprung = begun.traps();
    try (Examination examined = open(begun, ofBranch, run)) {
      BranchHistory history = examined.history();
      BranchWorld world = examined.world();
      List<Unit> complete =
          examined.units().stream()
              .filter(unit -> !unit.commitLsn().isAfter(begun.answered()))
              .toList();
      begun.marking().ifPresent(world::mark);
      Check check = examined.check(ofBranch, sprung);
      Map<Long, String> inherited = inherited(begun, ofBranch, history, world);
      CheckReport report = Inherited.told(check.run(), check.owners(), inherited);
      if (!examined.landed().equals(landed(branch))) {
        throw new AnabranchException(ErrorCode.BRANCH_BUSY, branch.name(), "promoted");
      }
      CheckedBranch checked =
          new CheckedBranch(
              branch,
              report,
              check.changes(),
              history,
              complete,
              examined.memberOf(),
              check.footprints(),
              check.reads(),
              check.redefined(),
              check.asked(),
              check.unfollowed(),
              check.owners(),
              inherited,
              ofBranch.combining());
      boolean whole = !ledger.lastUnitLsn(branch.id()).isAfter(begun.answered());
      ofBranch.keep(check.standing(), sprung);
      ofBranch.keep(
          check
              .lasting()
              .filter(main -> whole && examined.analyst().understoodAll())
              .map(main ->
                  new Kept.Checked(
                      examined.end(),
                      ledger.lastUnitLsn(branch.id()),
                      examined.tick(),
                      examined.landed(),
                      main.delta(),
                      main.schema(),
                      checked)));
      return checked;
    }
  }

  /** The last check's result at main's position now, if nothing has happened that it rests on. */
  private Optional<CheckedBranch> again(
      Branch branch,
      Connection connection,
      Lsn position,
      Kept.OfBranch ofBranch,
      RunningChecks.Run run)
      throws SQLException {
    Optional<Kept.Checked> last =
        ofBranch
            .last()
            .filter(checked ->
                checked.tick() == ledger.lastTick(branch.id())
                    && checked.landed().equals(landed(branch)));
    if (last.isEmpty() || !isStill(branch, connection, position, ofBranch, last.get())) {
      return Optional.empty();
    }
    Delta known = kept.fork(branch.forkLsn()).delta(context.feed());
    if (!last.get().delta().tables().equals(known.tables())) {
      return Optional.empty(); // what else main has done by now need not be waited for
    }
    World.Present main = new MainNow(context, branch.forkLsn(), kept, run).look();
    return last.filter(checked ->
            checked.isOf(main.delta(), main.schema()) && checked.landed().equals(landed(branch)))
        .map(checked -> checked.result().at(branch, main.asOf()));
  }

  /** Whether nobody has written to the branch; Postgres adds to its log by itself as well. */
  private boolean isStill(
      Branch branch,
      Connection connection,
      Lsn position,
      Kept.OfBranch ofBranch,
      Kept.Checked checked)
      throws SQLException {
    if (checked.branch().equals(position)) {
      return true;
    }
    BranchLog.flush(connection);
    wal.drain(branch);
    SchemaSnapshot then = checked.result().history().branchNow();
    return ledger.lastUnitLsn(branch.id()).equals(checked.unit())
        && checked.tick() == ledger.lastTick(branch.id())
        && then.equals(ofBranch.definitions().read(connection, then.asOf()));
  }

  /** The same before and after: what lands meanwhile may be in main's changes, or not. */
  private Landed landed(Branch branch) {
    return landedUnits
        .of(branch.id())
        .orElseThrow(
            () -> new AnabranchException(ErrorCode.BRANCH_BUSY, branch.name(), "promoted"));
  }

  private static List<Unit> units(
      Beginning begun,
      List<Unit> all,
      SchemaSnapshot atFork,
      SchemaSnapshot now,
      BranchWorld world,
      Lsn seen) {
    Branch branch = begun.branch();
    Map<TableId, TableShape> followed =
        branch.parent().isPresent() ? Map.of() : asAtFork(atFork, now);
    world.lookOnBranch(new BranchRows(begun.before(), all, followed));
    List<Unit> units = all.stream().filter(unit -> !unit.commitLsn().isAfter(seen)).toList();
    return OldRows.completed(units, followed, world::forkImages);
  }

  /**
   * Tables whose rows on the branch are those it began with and what its units wrote. A branch of a
   * branch began with its parent's rows, which no copy of main has.
   */
  private static Map<TableId, TableShape> asAtFork(SchemaSnapshot atFork, SchemaSnapshot now) {
    Set<TableId> altered = new SchemaDrift(atFork, now).altered();
    return atFork.relations().values().stream()
        .map(SchemaSnapshot.Relation::shape)
        .filter(shape -> !altered.contains(shape.id()))
        .collect(Collectors.toMap(TableShape::id, shape -> shape));
  }

  private Map<Long, String> inherited(
      Beginning begun, Kept.OfBranch ofBranch, BranchHistory history, BranchWorld world) {
    if (begun.branch().parent().isEmpty()) {
      return Map.of();
    }
    List<Unit> units = ofBranch.units(ledger, begun.branch().id());
    BranchRows rows =
        new BranchRows(
            begun.before(), units, asAtFork(history.branchAtFork(), history.branchNow()));
    return Inherited.units(units, history.branchAtFork(), rows::read, world::forkImages);
  }

  private static Lsn position(Connection branch) throws SQLException {
    try (Statement statement = branch.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }
}
