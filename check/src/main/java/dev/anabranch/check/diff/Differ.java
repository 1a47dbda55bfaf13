package dev.anabranch.check.diff;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Branches;
import dev.anabranch.branch.LogEnd;
import dev.anabranch.check.CheckContext;
import dev.anabranch.check.FeedWait;
import dev.anabranch.check.ForkSchemas;
import dev.anabranch.check.LandedUnits;
import dev.anabranch.check.wal.BranchLog;
import dev.anabranch.ledger.Ledger;
import dev.anabranch.predicate.timeline.Landed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Tells what a branch has changed since its fork, and what main has. Only looks: nobody is kept
 * from anything meanwhile.
 */
public final class Differ {

  /** For how long the feed and the mirror may be behind main. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Branches branches;
  private final Ledger ledger;
  private final BranchLog wal;
  private final CheckContext context;
  private final LandedUnits landedUnits;
  private final Path directory;

  /**
   * @param wal reads a branch's log into the ledger
   * @param directory where rows are put aside that are too many for memory
   */
  public Differ(
      Branches branches,
      Ledger ledger,
      BranchLog wal,
      CheckContext context,
      LandedUnits landedUnits,
      Path directory) {
    this.branches = branches;
    this.ledger = ledger;
    this.wal = wal;
    this.context = context;
    this.landedUnits = landedUnits;
    this.directory = directory;
  }

  /**
   * The caller reads the rows and closes it.
   *
   * @throws AnabranchException BRANCH_UNKNOWN, BRANCH_BUSY while a promotion of it is being
   *     written, FEED_BEHIND, one of the DIFF codes
   */
  public Diff diff(DiffRequest request) {
    Branch branch = branches.get(request.branch());
    try {
      return request.behind() ? behind(branch, request) : ahead(branch, request);
    } catch (SQLException e) {
      throw failed("reading what there is", e);
    } catch (IOException e) {
      throw SpillFile.failed(directory, e);
    } catch (UncheckedIOException e) {
      throw SpillFile.failed(directory, e);
    }
  }

  private Diff ahead(Branch branch, DiffRequest request) throws SQLException, IOException {
    RowCodec codec = new RowCodec();
    TableBook book = new TableBook(request.kinds());
    try (Connection connection = branches.connectAsOwner(branch);
        ForkCopy fork = new ForkCopy(context, branch, ForkSchemas.Side.BRANCH);
        NetEffect net = new NetEffect(directory, codec)) {
      BranchLog.flush(connection);
      Lsn end = wal.drain(branch);
      Set<Long> landed = landed(branch).units();
      TableNames now = TableNames.read(connection);
      Optional<Set<TableId>> wanted =
          request.table().map(name -> now.find(name, fork.schema(), branch.name(), "the branch"));
      Ahead ahead = new Ahead(branch, request, now, wanted, landed, end, fork, book, net);
      ledger.eachPiece(branch.id(), ahead::take);
      ahead.noteUnlogged();
      Optional<List<SchemaChange>> schema =
          request.schema()
              ? Optional.of(schema(fork, DefinitionReader.read(connection)))
              : Optional.empty();
      Comparator<ChangedRow> order = book.order(request.order());
      return new Diff(
          new Diff.Head(
              branch.name(),
              false,
              branch.forkLsn(),
              end,
              landed,
              ahead
                  .onlyTransaction()
                  .flatMap(transaction -> UnitTask.name(ledger, branch.id(), transaction))),
          book,
          schema,
          ahead.rows(order),
          order);
    }
  }

  private Landed landed(Branch branch) {
    return landedUnits
        .of(branch.id())
        .orElseThrow(
            () -> new AnabranchException(ErrorCode.BRANCH_BUSY, branch.name(), "promoted"));
  }

  private Diff behind(Branch branch, DiffRequest request) throws SQLException, IOException {
    Lsn flushed = flushed();
    new FeedWait(context.feed(), PATIENCE).until(flushed, () -> {});
    if (!context.mirror().awaitReplay(flushed, PATIENCE)) {
      throw new AnabranchException(
          ErrorCode.DIFF_FAILED, "the mirror has not reached " + flushed + ".");
    }
    TableBook book = new TableBook(request.kinds());
    SortedRows rows = new SortedRows(directory, new RowCodec());
    try (ForkCopy fork = new ForkCopy(context, branch, ForkSchemas.Side.MAIN)) {
      TableNames now = onMirror(TableNames::read);
      Optional<Set<TableId>> wanted =
          request.table().map(name -> now.find(name, fork.schema(), branch.name(), "main"));
      Behind behind = new Behind(now, wanted, fork, book, rows);
      context.feed().tellSince(branch.forkLsn(), behind);
      behind.flush();
      Optional<List<SchemaChange>> schema =
          request.schema()
              ? Optional.of(schema(fork, onMirror(DefinitionReader::read)))
              : Optional.empty();
      return new Diff(
          new Diff.Head(
              branch.name(), true, branch.forkLsn(), behind.asOf(), Set.of(), Optional.empty()),
          book,
          schema,
          rows,
          book.order(request.order()));
    } catch (SQLException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  /** What is defined otherwise than at the fork point. */
  private static List<SchemaChange> schema(ForkCopy fork, DefinitionReader now)
      throws SQLException {
    try (Connection then = fork.connect()) {
      return DefinitionReader.read(then).changesTo(now);
    }
  }

  /** Looks at main's catalogs on the mirror. */
  private interface Look<T> {
    T at(Connection connection) throws SQLException;
  }

  private <T> T onMirror(Look<T> look) {
    Function<Connection, T> read =
        connection -> {
          try {
            return look.at(connection);
          } catch (SQLException e) {
            throw failed("reading main's definitions", e);
          }
        };
    return context.mirror().read(read);
  }

  private Lsn flushed() {
    try (Connection connection = context.mirror().main().connect()) {
      return LogEnd.flushedOnMain(connection);
    } catch (SQLException e) {
      throw new AnabranchException(ErrorCode.MAIN_UNREACHABLE, e, firstLine(e));
    }
  }

  static AnabranchException failed(String doing, SQLException e) {
    return new AnabranchException(ErrorCode.POSTGRES_FAILED, e, doing, firstLine(e));
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
