package dev.anabranch.check;

import dev.anabranch.base.TableId;
import dev.anabranch.base.Traps;
import dev.anabranch.check.Observer.Lock;
import dev.anabranch.check.QueryPreparation.NotAskable;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Refusal;
import dev.anabranch.ledger.Result;
import dev.anabranch.ledger.Write;
import dev.anabranch.mainfeed.schema.SchemaSnapshot;
import dev.anabranch.predicate.overlay.Numbering;
import dev.anabranch.predicate.world.Later;
import dev.anabranch.predicate.world.Left;
import dev.anabranch.predicate.world.Outcome;
import dev.anabranch.predicate.world.Performance;
import dev.anabranch.predicate.world.Rehearsal;
import dev.anabranch.predicate.world.RehearsalWindow;
import dev.anabranch.predicate.world.Touched;
import dev.anabranch.predicate.world.World.Contradiction;
import dev.anabranch.predicate.world.World.Reply;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Plays rehearsals on a scratch copy, each inside the current transaction, and undoes them.
 *
 * <p>Every statement runs as its client, under its own settings, with triggers and foreign keys in
 * force. What a transaction reads or writes it holds a lock on until it ends, through whichever
 * function or trigger it went: another session looks that up.
 */
final class Performer {

  private static final Pattern WORDS = Pattern.compile("(DO|CALL|SET CONSTRAINTS)\\b.*");

  private final Connection connection;
  private final Observer observer;
  private final String clientRole;
  private final SchemaSnapshot schema;
  private final Numbering numbering;
  private final Rerunner reasker;
  private final Capture capture;
  private final Scans scans;
  private final SettingsLeft settings;
  private final SelfTold self;

  /**
   * @param connection a superuser's, to the scratch copy
   * @param observer another such session
   * @param numbering tells which numbers were drawn
   */
  Performer(
      Connection connection,
      Observer observer,
      String clientRole,
      SchemaSnapshot schema,
      Numbering numbering) {
    this.connection = connection;
    this.observer = observer;
    this.clientRole = clientRole;
    this.schema = schema;
    this.numbering = numbering;
    this.reasker = new Rerunner(connection, clientRole, Traps.NONE);
    this.capture = new Capture(connection, schema);
    this.scans = new Scans(connection);
    this.settings = new SettingsLeft(connection);
    this.self = new SelfTold(connection);
  }

  /** Before the first rehearsal on a copy; the caller commits. */
  void prepare() throws SQLException {
    capture.install();
    scans.prepare();
    // Looking them up would be among what a rehearsal touches.
    settings.inCode();
    self.prepare();
  }

  Reply play(Rehearsal rehearsal, Set<Contradiction> contradicted) {
    try {
      return new Reply.Performed(once(rehearsal), once(rehearsal), contradicted);
    } catch (NotAskable e) {
      return new Reply.Failed(String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return new Reply.Failed(Analyst.firstLine(e));
    }
  }

  private Performance once(Rehearsal rehearsal) throws SQLException, NotAskable {
    Numbers numbers = new Numbers(connection, rehearsal.unit(), schema, numbering);
    Savepoint whole = connection.setSavepoint();
    try {
      return inside(rehearsal, numbers);
    } finally {
      connection.rollback(whole);
      deallocate();
      backToOwner();
      numbers.putBack();
      // The locks of looking are not those of a rehearsal.
      connection.rollback(whole);
    }
  }

  private Performance inside(Rehearsal rehearsal, Numbers numbers) throws SQLException, NotAskable {
    ScratchReplay.prepare(connection);
    numbers.makeRoom();
    long start = capture.position();
    Before before = new Before(locks(), scans.counts(), scans.added(), observer.sequences());
    Instant began = transactionBegan();
    List<Outcome> outcomes = new ArrayList<>();
    List<Left> left = new ArrayList<>();
    Set<Lock> letGo = new HashSet<>();
    Deque<Savepoint> savepoints = new ArrayDeque<>();
    for (int place = 0; place < rehearsal.statements().size(); place++) {
      backToOwner();
      for (int begun = rehearsal.begunBefore(place); begun > 0; begun--) {
        savepoints.push(connection.setSavepoint());
      }
      Turn turn = () -> numbers.turn(capture.insertedSince(start));
      Done done = execute(rehearsal.statements().get(place), rehearsal.later(), turn);
      outcomes.add(done.outcome());
      left.add(done.left());
      for (int undone = rehearsal.undoneAfter(place); undone > 0; undone--) {
        letGo.addAll(locks());
        connection.rollback(savepoints.pop());
      }
    }
    Outcome atEnd = constraints();
    boolean refused =
        atEnd.refusal().isPresent()
            || outcomes.stream().anyMatch(outcome -> outcome.refusal().isPresent());
    backToOwner();
    List<Write> writes = capture.since(start);
    Touched touched = touched(before, letGo, writes, !refused);
    String zone =
        rehearsal.statements().getFirst().question().settings().getOrDefault("timezone", "UTC");
    return new Performance(
        outcomes,
        left,
        atEnd,
        writes,
        capture.shapes(writes),
        touched,
        new RehearsalWindow(began, Instant.now(), RehearsalWindow.zone(zone)),
        self.of(rehearsal.statements(), sent(rehearsal)));
  }

  private Instant transactionBegan() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.transaction_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private void backToOwner() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET SESSION AUTHORIZATION");
      statement.execute("RESET ALL");
      statement.execute("SET session_replication_role = origin");
      statement.execute("SET statement_timeout = '60s'");
    }
  }

  private void deallocate() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DEALLOCATE ALL");
    }
  }

  /** Lets sequences go on where the next statement needs them. */
  private interface Turn {
    void next() throws SQLException;
  }

  /** What a statement told, and left. */
  private record Done(Outcome outcome, Left left) {}

  /** Where it matters what a statement's settings last for, it is executed once more for that. */
  private Done execute(Answer answer, Map<Long, Later> known, Turn turn)
      throws SQLException, NotAskable {
    Later later = known.get(answer.id());
    if (later == null) {
      turn.next();
      return execute(answer, Set.of());
    }
    Set<String> names = new TreeSet<>(later.names(answer));
    names.addAll(settings.inCode());
    Savepoint before = connection.setSavepoint();
    turn.next();
    Done done = execute(answer, names);
    if (!later.asksWhatLasts(done.left().changed())) {
      return done;
    }
    takeBack(before);
    turn.next();
    Optional<Map<String, String>> lasting = lasting(answer, done.left().changed().keySet());
    takeBack(before);
    turn.next();
    return new Done(
        execute(answer, Set.of()).outcome(),
        new Left(done.left().found(), done.left().changed(), lasting));
  }

  private void takeBack(Savepoint savepoint) throws SQLException {
    connection.rollback(savepoint);
    deallocate();
    backToOwner();
  }

  /**
   * The settings that it would leave when its transaction is over; empty when that can't be told.
   */
  private Optional<Map<String, String>> lasting(Answer answer, Set<String> names)
      throws NotAskable {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      QueryPreparation.circumstances(connection, clientRole, answer.question());
      statement.execute("RESET SESSION AUTHORIZATION");
      settings.prepareInside(names, answer.question());
      QueryPreparation.circumstances(connection, clientRole, answer.question());
      String sql = prepared(statement, answer);
      Map<String, String> before = settings.values(names);
      statement.execute(SettingsLeft.inside(sql));
      return Optional.of(SettingsLeft.changed(before, settings.values(names)));
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  private Done execute(Answer answer, Set<String> names) throws SQLException, NotAskable {
    if (Rehearsal.ends(answer)) {
      QueryPreparation.circumstances(connection, clientRole, answer.question());
      return new Done(constraints(), Left.NOTHING);
    }
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      Question question = answer.question();
      QueryPreparation.circumstances(connection, clientRole, question);
      statement.setEscapeProcessing(false);
      Map<String, String> found = settings.values(names);
      boolean rows = statement.execute(prepared(statement, answer));
      Outcome outcome = outcome(statement, rows);
      Map<String, String> changed = SettingsLeft.changed(found, settings.values(names));
      statement.execute("DEALLOCATE ALL");
      return new Done(outcome, new Left(found, changed, Optional.of(Map.of())));
    } catch (SQLException e) {
      connection.rollback(before);
      deallocate();
      if (Refusal.isAnswer(String.valueOf(e.getSQLState()), words(e), true)) {
        return new Done(Outcome.refused(refusal(e)), Left.NOTHING);
      }
      throw e;
    }
  }

  private static Refusal refusal(SQLException e) {
    return Refusal.of(String.valueOf(e.getSQLState()), words(e));
  }

  private static Refusal.Words words(SQLException e) {
    ServerErrorMessage told = e instanceof PSQLException said ? said.getServerErrorMessage() : null;
    if (told == null) {
      return new Refusal.Words("", "", "", "");
    }
    String constraint = told.getConstraint();
    return new Refusal.Words(
        text(told.getMessage()),
        constraint != null ? constraint : text(told.getColumn()),
        text(told.getWhere()),
        text(told.getRoutine()));
  }

  private static String text(@Nullable String told) {
    return Objects.requireNonNullElse(told, "");
  }

  /** The statement, or what executes it once it is prepared. */
  private String prepared(Statement statement, Answer answer) throws SQLException, NotAskable {
    if (!isSentAsItIs(answer)) {
      statement.execute(QueryPreparation.prepare(connection, answer.question()));
    }
    return sent(answer);
  }

  private static boolean isSentAsItIs(Answer answer) {
    return WORDS.matcher(answer.commandTag()).matches();
  }

  private List<String> sent(Rehearsal rehearsal) throws SQLException, NotAskable {
    List<String> all = new ArrayList<>();
    for (Answer answer : rehearsal.statements()) {
      all.add(sent(answer));
    }
    return all;
  }

  private String sent(Answer answer) throws SQLException, NotAskable {
    Question question = answer.question();
    if (!isSentAsItIs(answer)) {
      return QueryPreparation.execute(question);
    }
    return question.parameters().isEmpty()
        ? question.sql()
        : SpelledCall.of(question.sql(), QueryPreparation.literals(connection, question))
            .orElseThrow(() -> new NotAskable("it is a CALL with parameters within other words"));
  }

  private Outcome outcome(Statement statement, boolean rows) throws SQLException {
    if (!rows) {
      return new Outcome(
          Optional.empty(), Math.max(0, statement.getUpdateCount()), Outcome.NO_ROWS);
    }
    try (ResultSet found = statement.getResultSet()) {
      Result result = reasker.result(found);
      return new Outcome(Optional.empty(), result.rowCount(), result);
    }
  }

  /** What waits for the commit is not put off here. */
  private Outcome constraints() throws SQLException {
    Savepoint before = connection.setSavepoint();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET CONSTRAINTS ALL IMMEDIATE");
      return new Outcome(Optional.empty(), 0, Outcome.NO_ROWS);
    } catch (SQLException e) {
      connection.rollback(before);
      return Outcome.refused(refusal(e));
    }
  }

  private Set<Lock> locks() throws SQLException {
    return observer.locks(connection.unwrap(PGConnection.class).getBackendPID());
  }

  /** How things stood before statements were executed. */
  private record Before(
      Set<Lock> locks,
      Map<TableId, Long> scans,
      Map<TableId, Long> added,
      Map<Long, Long> numbers) {}

  /**
   * @param letGo the locks that were gone with what was rolled back to a savepoint
   */
  private Touched touched(Before before, Set<Lock> letGo, List<Write> writes, boolean wholly)
      throws SQLException {
    Set<TableId> read = scans.since(before.scans());
    read.addAll(tried(before.added(), writes));
    Set<TableId> relations = new HashSet<>(read);
    Set<TableId> used = new HashSet<>(read);
    writes.forEach(write -> used.add(write.table()));
    Set<Long> drew = new HashSet<>();
    Set<Lock> locks = new HashSet<>(letGo);
    locks.addAll(locks());
    for (Lock lock : locks) {
      boolean isNew = !before.locks().contains(lock);
      if (lock.sequence() && lock.forWriting()) {
        // Drawing a number locks a sequence as writing does; reading where it stands does not.
        drew.add(lock.relation().oid());
      } else {
        relations.add(lock.relation());
        if (isNew) {
          used.add(lock.relation());
        }
        if (isNew && !lock.forWriting()) {
          read.add(lock.relation());
        }
      }
    }
    relations.addAll(used);
    return new Touched(relations, used, read, drawn(drew, before.numbers()), wholly);
  }

  /**
   * Where rows were added of which nothing is left: a constraint refused them and code caught that,
   * or they were taken back, and that they could be added has been seen.
   */
  private Set<TableId> tried(Map<TableId, Long> before, List<Write> writes) throws SQLException {
    Map<TableId, Long> gone = scans.added();
    before.forEach((table, count) -> gone.merge(table, -count, Long::sum));
    writes.stream()
        .filter(Write.Insert.class::isInstance)
        .forEach(write -> gone.merge(write.table(), -1L, Long::sum));
    gone.values().removeIf(count -> count <= 0);
    return gone.keySet();
  }

  private List<Touched.Range> drawn(Set<Long> drew, Map<Long, Long> before) throws SQLException {
    List<Touched.Range> ranges = new ArrayList<>();
    // No part of a transaction: another session sees it.
    Map<Long, Long> after = observer.sequences();
    for (long sequence : drew) {
      long then = before.getOrDefault(sequence, 0L);
      long now = after.getOrDefault(sequence, 0L);
      ranges.add(new Touched.Range(Math.min(then, now), Math.max(then, now)));
    }
    return ranges;
  }
}
