package dev.anabranch.promote;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Column;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.TextForm;
import dev.anabranch.base.Traps;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.Lifetime;
import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Unit;
import dev.anabranch.mainfeed.schema.SchemaQueries;
import dev.anabranch.predicate.Reruns;
import dev.anabranch.predicate.Unfollowed;
import dev.anabranch.predicate.overlay.Drawn;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.predicate.rule.RowsBefore;
import dev.anabranch.promote.assertion.AssertionRules;
import dev.anabranch.promote.plan.Footing;
import dev.anabranch.promote.plan.Ground;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A real main, and a branch of it whose writes are told by the test: everything a {@link Promoter}
 * needs.
 */
final class Fork implements AutoCloseable {

  private static final AtomicLong BRANCHES = new AtomicLong();

  /** One control database for all forks of a JVM; branches keep them apart. */
  private static final class Control {
    private static final HikariDataSource DATABASE =
        ControlDatabase.fresh(TemporaryPostgres.shared());
  }

  static final Footing NO_FOOTING =
      new Footing(Map.of(), new Ground(Map.of(), Map.of(), Optional.empty()), Map.of());

  final BranchModel branch = new BranchModel();
  final Verdicts verdicts = new Verdicts();
  final Promotions promotions;
  final Map<String, Lsn> markers = new HashMap<>();
  BiFunction<Set<Long>, Optional<String>, Recheck.Doubt> window =
      (answers, own) -> new Recheck.Doubt(Set.of(), Set.of());

  /** What comes of a unit's transaction when it is executed again. */
  Function<Unit, Again> executed = unit -> new Again.Not("nobody said what comes of it");

  /** The role that the branch's client acts as. */
  Optional<String> actsAs = Optional.empty();

  /** Tables whose changes no feed tells. */
  final Map<TableId, Unfollowed> unfollowed = new HashMap<>();

  private final Map<TableId, Set<TableId>> parents = new HashMap<>();
  private final Map<TableId, Map<String, String>> guards = new HashMap<>();

  /** What the branch drew; by default whatever lies ahead of main's sequences. */
  private final Map<TableId, Drawn> drawn = new HashMap<>();

  Consumer<Promoter.Moment> passing = moment -> {};
  Traps traps = Traps.NONE;
  AssertionRules assertionRules = AssertionRules.USUAL;

  private final TemporaryPostgres postgres;
  private final String database;
  private final BranchId id = new BranchId(BRANCHES.incrementAndGet());
  private final HikariDataSource main = new HikariDataSource();
  private final Map<String, TableShape> shapes = new HashMap<>();

  private Fork(TemporaryPostgres postgres, String database) {
    this.postgres = postgres;
    this.database = database;
    this.promotions = new Promotions(Control.DATABASE);
    main.setJdbcUrl(postgres.jdbcUrl(database));
    main.setMaximumPoolSize(4);
    main.setMinimumIdle(0);
  }

  /** Sets main up and forks it: its tables and rows are what the branch begins with. */
  static Fork of(TemporaryPostgres postgres, String... setUp) {
    Fork fork = new Fork(postgres, postgres.freshDatabase());
    fork.main(setUp);
    fork.readTables();
    fork.readSequences();
    fork.readGround();
    return fork;
  }

  TableShape table(String name) {
    return Optional.ofNullable(shapes.get(name)).orElseThrow();
  }

  /** Runs statements on main, one transaction. */
  void main(String... sql) {
    try (Connection connection = main();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String one : sql) {
        statement.execute(one);
      }
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Changes what is kept of promotions. */
  void control(String sql) {
    try (Connection connection = Control.DATABASE.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Connection main() throws SQLException {
    return postgres.connect(database);
  }

  /** A query's rows on main, cells joined with bars. */
  List<String> ask(String sql) {
    try (Connection connection = main();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          cells.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", cells));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Promoter promoter() {
    return new Promoter(
        name -> inspection(),
        main,
        promotions,
        (inspection, answers, since, upTo, own, before, patience) -> window.apply(answers, own),
        id -> Optional.ofNullable(markers.get(id)),
        Clock.systemUTC(),
        () -> traps,
        ownChecks(),
        moment -> passing.accept(moment));
  }

  /** The same bookkeeping, that keeps rows for so long. */
  Promotions promotionsKeeping(Optional<Duration> keep) {
    return new Promotions(Control.DATABASE, keep);
  }

  BranchId id() {
    return id;
  }

  OwnChecks ownChecks() {
    return new OwnChecks(main, promotions, assertionRules, this::copy, Clock.systemUTC());
  }

  /** Another database made from main's, with the very same rows and ids. */
  private Copies.Copy copy() {
    String name = database + "_copy";
    Objects.requireNonNull(main.getHikariPoolMXBean()).softEvictConnections();
    onServer("CREATE DATABASE " + name + " TEMPLATE " + database);
    return new Copies.Copy() {
      @Override
      public Connection connect() throws SQLException {
        return postgres.connect(name);
      }

      @Override
      public void close() {
        onServer("DROP DATABASE " + name + " WITH (FORCE)");
      }
    };
  }

  private void onServer(String sql) {
    try (Connection connection = postgres.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  Promotion promote(boolean dryRun, OwnChecksAsked asked) {
    return promoter()
        .promote(
            new PromoteRequest(
                new BranchName("alice"),
                dryRun,
                false,
                Set.of(),
                List.of(),
                "",
                Optional.empty(),
                Optional.empty(),
                asked));
  }

  Promotion promote() {
    return promoter().promote(new PromoteRequest(new BranchName("alice"), false, false, Set.of()));
  }

  Promotion promote(boolean dryRun, boolean strict, Long... accept) {
    return promoter()
        .promote(new PromoteRequest(new BranchName("alice"), dryRun, strict, Set.of(accept)));
  }

  Promotion undo(String receipt) {
    return promoter().undo(receipt, false, Set.of(), Optional.empty());
  }

  /** The id of the promotion of this branch that began last. */
  String newestPromotion() {
    try (Connection connection = Control.DATABASE.getConnection();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT id FROM promotions WHERE branch_id = "
                    + id.value()
                    + " ORDER BY started_at DESC LIMIT 1")) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Inspection inspection() {
    Map<TableId, TableShape> atFork = new HashMap<>();
    shapes.values().forEach(shape -> atFork.put(shape.id(), shape));
    return new Inspection(
        new Branch(
            id,
            new BranchName("alice"),
            Branch.State.READY,
            new Lsn(16),
            Instant.EPOCH,
            new Lifetime.NoExpiry(),
            Optional.empty(),
            "app",
            "anabranch_client",
            "secret",
            false,
            Instant.EPOCH,
            "",
            "",
            false,
            TaskBy.WINDOW,
            Optional.empty()),
        verdicts.report(),
        branch.units(),
        verdicts,
        atFork,
        Map.of(),
        unfollowed,
        new Ground(parents, guards, actsAs),
        drawn,
        Set.of(),
        Map.of(),
        this::executedAgain,
        tables -> RowsBefore.UNKNOWN);
  }

  /** In the order of the units, each one alone. */
  private Map<Long, Again> executedAgain(
      Set<Long> candidates, Set<Long> leftOut, Reruns.Choosing choosing) {
    Map<Long, Again> came = new TreeMap<>();
    for (Unit unit : branch.units()) {
      if (candidates.contains(unit.id()) && !leftOut.contains(unit.id())) {
        Again again = executed.apply(unit);
        came.put(unit.id(), again);
        if (again instanceof Again.Done done) {
          choosing.isChosen(unit.id(), done);
        }
      }
    }
    return came;
  }

  /** Says what the branch drew from a sequence. */
  Fork drew(String sequence, long after, long upTo) {
    TableId id =
        new TableId(Long.parseLong(ask("SELECT '" + sequence + "'::regclass::oid").getFirst()));
    drawn.put(id, new Drawn(after, upTo));
    return this;
  }

  private void readSequences() {
    for (String line :
        ask(
            "SELECT seqrelid::regclass, coalesce(pg_sequence_last_value(seqrelid), seqstart -"
                + " seqincrement) FROM pg_sequence")) {
      String[] cells = line.split("\\|");
      drew(cells[0], Long.parseLong(cells[1]), Long.parseLong(cells[1]) + 1000);
    }
  }

  private void readGround() {
    for (String line : ask(SchemaQueries.GUARDS)) {
      String[] cells = line.split("\\|", 3);
      guards.computeIfAbsent(id(cells[0]), _ -> new HashMap<>()).put(cells[1], cells[2]);
    }
    for (String line : ask("SELECT inhrelid::oid, inhparent::oid FROM pg_inherits")) {
      String[] cells = line.split("\\|");
      parents.computeIfAbsent(id(cells[0]), _ -> new HashSet<>()).add(id(cells[1]));
    }
  }

  private static TableId id(String oid) {
    return new TableId(Long.parseLong(oid));
  }

  private void readTables() {
    List<String> columns =
        ask(
            """
            SELECT c.oid, n.nspname, c.relname, a.attnum, a.attname, a.atttypid::int8, a.atttypmod,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY c.oid, a.attnum
            """);
    Map<String, List<Column>> byTable = new HashMap<>();
    Map<String, String[]> ids = new HashMap<>();
    for (String line : columns) {
      String[] cells = line.split("\\|");
      ids.put(cells[2], cells);
      byTable
          .computeIfAbsent(cells[2], _ -> new ArrayList<>())
          .add(
              new Column(
                  Integer.parseInt(cells[3]),
                  cells[4],
                  Long.parseLong(cells[5]),
                  Integer.parseInt(cells[6]),
                  cells[7].equals("t")));
    }
    byTable.forEach((name, all) ->
        shapes.put(
            name,
            new TableShape(
                new TableId(Long.parseLong(cellsOf(ids, name)[0])),
                cellsOf(ids, name)[1],
                name,
                all)));
    shapes.values().forEach(this::readRows);
  }

  private static String[] cellsOf(Map<String, String[]> tables, String name) {
    return Objects.requireNonNull(tables.get(name));
  }

  private void readRows(TableShape table) {
    try (Connection connection = main();
        Statement statement = connection.createStatement()) {
      for (String setting : TextForm.SET_STATEMENTS) {
        statement.execute(setting);
      }
      String names =
          String.join(
              ", ", table.columns().stream().map(column -> '"' + column.name() + '"').toList());
      branch.rows(table);
      try (ResultSet result =
          statement.executeQuery("SELECT " + names + " FROM ONLY " + table.quotedName())) {
        while (result.next()) {
          @Nullable String[] texts = new String[table.columns().size()];
          for (int i = 0; i < texts.length; i++) {
            texts[i] = result.getString(i + 1);
          }
          if (table.hasKey()) {
            branch.row(table, texts);
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    main.close();
  }
}
