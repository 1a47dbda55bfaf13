package dev.anabranch.check;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Image;
import dev.anabranch.base.Key;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.base.Traps;
import dev.anabranch.base.Traps.Trap;
import dev.anabranch.branch.Branch;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.branch.mirror.MirrorSnapshot;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Question;
import dev.anabranch.mainfeed.Delta;
import dev.anabranch.mainfeed.MainFeed;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.footprint.Footprint;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.timeline.UnitPaths;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One check's world: the branch's analyst, the fork's rows, main's changes, and scratch copies of
 * main.
 */
final class BranchWorld implements World, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BranchWorld.class);

  private final CheckContext context;
  private final Branch branch;
  private final Analyst analyst;
  private final Optional<String> memberOf;
  private final RunningChecks.Run run;
  private final Kept kept;
  private final MainNow main;
  private Optional<BranchRows> onBranch = Optional.empty();
  private Optional<Duration> marking = Optional.empty();
  private @Nullable Scratch fork;

  /**
   * @param analyst closed by its owner
   * @param memberOf the role of main that the branch's client acts as, when it is not the owners'
   * @param run the check
   * @param kept what earlier checks have left
   */
  BranchWorld(
      CheckContext context,
      Branch branch,
      Analyst analyst,
      Optional<String> memberOf,
      RunningChecks.Run run,
      Kept kept) {
    this.context = context;
    this.branch = branch;
    this.analyst = analyst;
    this.memberOf = memberOf;
    this.run = run;
    this.kept = kept;
    this.main = new MainNow(context, branch.forkLsn(), kept, run);
  }

  @Override
  public void step() {
    run.step();
  }

  @Override
  public Instant moment() {
    return Instant.now();
  }

  @Override
  public boolean beganAsMain() {
    return branch.parent().isEmpty();
  }

  @Override
  public Footprint footprint(Answer answer) {
    if (answer.withheld().isPresent()) {
      return new Footprint.Unanswerable(answer.withheld().get().clause(answer));
    }
    Optional<String> unknown = answer.question().unknown();
    if (unknown.isPresent()) {
      return new Footprint.Unanswerable(unknown.get());
    }
    if (Rehearsal.ends(answer)) {
      return new Footprint.Unanswerable("it is the end of its transaction");
    }
    Footprint footprint = withoutTemporary(answer);
    return branch.parent().isPresent() && !(footprint instanceof Footprint.NotOfData)
        ? new Footprint.Unanswerable(
            "the branch started from another branch, whose writes are not main's")
        : footprint;
  }

  @Override
  public String actsAs() {
    return memberOf.orElse(branch.clientRole());
  }

  /** Nobody but the session has its temporary tables, by whose names others may go. */
  private Footprint withoutTemporary(Answer answer) {
    Question question = answer.question();
    List<String> temporary =
        analyst.traps().has(Trap.NOTHING_SHADOWS) ? List.of() : question.temporary();
    Optional<String> named = temporary.isEmpty() ? Optional.empty() : named(temporary, question);
    if (named.isPresent()) {
      return new Footprint.Unanswerable(
          "it may mean its session's temporary table " + named.get() + ", which nobody else has");
    }
    Footprint footprint = analyst.footprintOf(answer);
    return footprint instanceof Footprint.AlwaysRerun && !temporary.isEmpty()
        ? new Footprint.Unanswerable(
            "code that it runs may mean its session's temporary tables, which nobody else has")
        : footprint;
  }

  private static Optional<String> named(List<String> tables, Question question) {
    String text = question.sql().toLowerCase(Locale.ROOT);
    return tables.stream()
        .filter(name -> text.contains("u&") || text.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }

  /** Where main and the feed can be had at one position, main can be asked there, too. */
  @Override
  public Present present() {
    main.awaitAll();
    return toBeAsked().orElseGet(main::read);
  }

  @Override
  public Present known() {
    return main.read();
  }

  /** The feed stands still while replay does, then goes on to exactly where that stood. */
  private Optional<Present> toBeAsked() {
    MainFeed feed = context.feed();
    Optional<MirrorSnapshot> taken = Optional.empty();
    boolean handedOver = false;
    try {
      Delta delta;
      MirrorSnapshot snapshot;
      try (MainFeed.Hold hold = feed.hold()) {
        main.awaitMirror(feed.applied());
        taken = context.mirror().snapshot();
        if (taken.isEmpty()) {
          return Optional.empty();
        }
        snapshot = taken.get();
        step();
        hold.advanceTo(snapshot.position(), MainNow.PATIENCE);
        delta = kept.fork(branch.forkLsn()).delta(feed);
      }
      if (!delta.asOf().equals(snapshot.position())) {
        return Optional.empty();
      }
      SchemaSnapshot schema = kept.ofMain().read(snapshot.connection(), snapshot.position());
      handedOver = true;
      return Optional.of(new MirrorMain(snapshot, delta, schema, new AsOnBranch()));
    } catch (SQLException e) {
      LOG.info("Main is not read at one position with the feed: {}", Analyst.firstLine(e));
      return Optional.empty();
    } finally {
      if (!handedOver) {
        taken.ifPresent(MirrorSnapshot::close);
      }
    }
  }

  /** As the branch's client would ask. */
  private final class AsOnBranch implements MirrorMain.Manners {
    private final Map<SortedMap<String, String>, String> paths = new HashMap<>();

    @Override
    public Map<String, String> fileSettings() {
      return context.mirror().facts().sessionDefaults();
    }

    @Override
    public String searchPath(Question question) throws SQLException {
      String known = paths.get(question.meaningfulSettings());
      if (known == null) {
        known = analyst.searchPath(question);
        paths.put(question.meaningfulSettings(), known);
      }
      return known;
    }

    @Override
    public void step() {
      run.step();
    }

    @Override
    public Optional<Duration> marking() {
      return marking;
    }

    @Override
    public Traps traps() {
      return analyst.traps();
    }

    @Override
    public Connection watched(Connection connection) {
      return run.watched(connection);
    }
  }

  @Override
  public Map<Key, Image> forkImages(TableShape shape, Collection<Key> keys) {
    return kept.fork(branch.forkLsn()).rows().of(shape, keys, this::readAtFork);
  }

  private Map<Key, Image> readAtFork(TableShape shape, Collection<Key> keys) {
    BranchRows.Found found =
        onBranch
            .map(rows -> rows.read(shape, keys))
            .orElseGet(() -> new BranchRows.Found(Map.of(), List.copyOf(keys)));
    Map<Key, Image> images = new HashMap<>(found.rows());
    if (!found.elsewhere().isEmpty()) {
      images.putAll(fromImage(shape, found.elsewhere()));
    }
    return images;
  }

  private Map<Key, Image> fromImage(TableShape shape, Collection<Key> keys) {
    if (fork == null) {
      fork = context.scratches().open(branch.forkLsn());
    }
    try (Connection connection = run.watched(fork.connect())) {
      return new RowReader(connection).read(shape, keys);
    } catch (SQLException e) {
      throw failed("reading rows at the fork point", e);
    }
  }

  /** From now on, rows of the fork point are looked for on the branch first. */
  void lookOnBranch(BranchRows rows) {
    onBranch = Optional.of(rows);
  }

  /**
   * From now on, what a table holds is marked where its changes can't be followed.
   *
   * @param patience for each table
   */
  void mark(Duration patience) {
    marking = Optional.of(patience);
  }

  @Override
  public Replay replay() {
    MainFeed.Hold hold = context.feed().hold();
    try {
      return replay(hold);
    } finally {
      hold.close();
    }
  }

  /**
   * The feed stops while the copy is cut, then goes on to exactly the copy's position and is read
   * there.
   */
  private Replay replay(MainFeed.Hold hold) {
    step();
    Scratch.Seen<SchemaSnapshot> opened = context.scratches().openMain(context.schemas()::ofMain);
    Scratch copy = opened.copy();
    boolean handedOver = false;
    try {
      step();
      hold.advanceTo(copy.lsn(), MainNow.PATIENCE);
      Delta delta = kept.fork(branch.forkLsn()).delta(context.feed());
      if (!delta.asOf().equals(copy.lsn())) {
        throw new AnabranchException(
            ErrorCode.CHECK_FAILED,
            "the feed stands at " + delta.asOf() + " and the copy of main at " + copy.lsn());
      }
      handedOver = true;
      return new MainCopy(delta, opened.sight(), copy);
    } finally {
      if (!handedOver) {
        copy.close();
      }
    }
  }

  /** Main at one position, running. */
  private final class MainCopy implements Replay {
    private final Delta delta;
    private final SchemaSnapshot schema;
    private final Scratch scratch;

    /** Sees what is there before anything is laid over it. */
    private @Nullable Connection beforehand;

    MainCopy(Delta delta, SchemaSnapshot schema, Scratch scratch) {
      this.delta = delta;
      this.schema = schema;
      this.scratch = scratch;
    }

    @Override
    public Delta delta() {
      return delta;
    }

    @Override
    public SchemaSnapshot schema() {
      return schema;
    }

    @Override
    public List<Reply> ask(List<Ask> questions, Numbering numbering, UnitPaths paths) {
      if (marking.isPresent()) {
        beforehand();
      }
      try (Connection connection = run.watched(scratch.connect())) {
        if (memberOf.isPresent()) {
          ClientRole.make(connection, branch.clientRole(), memberOf.get());
        }
        SchemaSnapshot fork = context.schemas().at(branch.forkLsn(), ForkSchemas.Side.MAIN);
        try (ScratchReplay replay =
            new ScratchReplay(
                connection,
                scratch::connect,
                branch.clientRole(),
                schema,
                fork,
                numbering,
                paths,
                context.combiningSince(branch),
                BranchWorld.this::step,
                analyst.traps())) {
          return replay.ask(questions);
        }
      } catch (SQLException e) {
        throw failed("asking again on a copy of main", e);
      }
    }

    @Override
    public Map<TableId, String> marks(Set<TableId> tables) {
      if (tables.isEmpty() || marking.isEmpty()) {
        return Map.of();
      }
      try {
        return RowMarks.read(beforehand(), tables, marking.get());
      } catch (SQLException e) {
        throw failed("marking what main's tables hold", e);
      }
    }

    private Connection beforehand() {
      if (beforehand == null) {
        beforehand = run.watched(scratch.connect());
        try (Statement statement = beforehand.createStatement()) {
          beforehand.setAutoCommit(false);
          statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
          statement.execute("SELECT");
        } catch (SQLException e) {
          throw failed("marking what main's tables hold", e);
        }
      }
      return beforehand;
    }

    @Override
    public void close() {
      try {
        if (beforehand != null) {
          beforehand.close();
        }
      } catch (SQLException e) {
        LOG.debug("A connection to a copy of main could not be closed", e);
      } finally {
        scratch.close();
      }
    }
  }

  private static AnabranchException failed(String doing, SQLException e) {
    return new AnabranchException(ErrorCode.POSTGRES_FAILED, e, doing, Analyst.firstLine(e));
  }

  @Override
  public void close() {
    if (fork != null) {
      fork.close();
      fork = null;
    }
  }
}
