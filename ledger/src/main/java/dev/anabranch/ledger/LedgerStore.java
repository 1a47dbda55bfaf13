package dev.anabranch.ledger;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableShape;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/**
 * The ledger in the control database. Every call is one transaction on one of the data source's
 * connections; safe for any number of threads.
 */
public final class LedgerStore implements Ledger {

  /** How many writes of a unit share a row of {@code unit_writes}. */
  private static final int WRITES_PER_PIECE = 1000;

  /** How many of these rows are fetched at a time where they are read one after the other. */
  private static final int PIECES_AT_ONCE = 32;

  /**
   * The advisory lock of those who write answers, until their transaction ends: what a killed
   * process had sent last is there by then, or never will be.
   */
  static final long ANSWER_WRITERS = 0x616e7377657273L;

  private final Jdbi jdbi;

  /** A way to write answers. */
  private interface Put {
    void put(Handle handle, List<Answer> answers);
  }

  public LedgerStore(DataSource controlDatabase) {
    this.jdbi = Jdbi.create(controlDatabase);
    // What is bound is not for logs.
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
  }

  @Override
  public void append(List<? extends Entry> entries) {
    append(entries, "", LedgerStore::insertAnswers);
  }

  /**
   * Writes those of the entries that are not there yet: for when an earlier {@link #append} may or
   * may not have been committed before the connection broke.
   */
  void appendMissing(List<? extends Entry> entries) {
    append(entries, " ON CONFLICT DO NOTHING", LedgerStore::insertMissingAnswers);
  }

  private void append(List<? extends Entry> entries, String onConflict, Put answersWay) {
    List<Answer> answers = new ArrayList<>();
    List<Ending> endings = new ArrayList<>();
    List<Unit> units = new ArrayList<>();
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.AnswerGiven(Answer answer) -> answers.add(answer);
        case Entry.TransactionEnded(Ending ending) -> endings.add(ending);
        case Entry.UnitCommitted(Unit unit) -> units.add(unit);
      }
    }
    try {
      jdbi.useTransaction(handle -> {
        if (!answers.isEmpty()) {
          answersWay.put(handle, answers);
        }
        insertEndings(handle, endings, onConflict);
        units.forEach(unit -> insertUnit(handle, unit, onConflict));
      });
    } catch (AnabranchException e) {
      throw e;
    } catch (RuntimeException e) {
      throw numbered(e);
    }
  }

  /**
   * A refused entry is a defect of ours; anything else means that the database can't be reached or
   * can't write now. The driver puts what was to be written into what it throws, and the details of
   * Postgres may name it too, so only the first line of what Postgres says is handed on.
   */
  private static AnabranchException numbered(Exception failure) {
    Optional<SQLException> told = told(failure);
    if (told.isEmpty()) {
      return new AnabranchException(
          ErrorCode.LEDGER_UNAVAILABLE, failure, String.valueOf(failure.getMessage()));
    }
    String sentence = String.valueOf(told.get().getMessage()).lines().findFirst().orElse("");
    String state = told.get().getSQLState();
    return state != null && isRefusal(state)
        ? new AnabranchException(ErrorCode.INTERNAL, "the ledger refused an entry: " + sentence)
        : new AnabranchException(ErrorCode.LEDGER_UNAVAILABLE, sentence);
  }

  /** What Postgres itself said: of a batch, it is chained to what the driver says of all of it. */
  private static Optional<SQLException> told(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return Optional.of(
            sql instanceof BatchUpdateException && sql.getNextException() != null
                ? sql.getNextException()
                : sql);
      }
    }
    return Optional.empty();
  }

  /** Data exceptions, integrity violations, syntax errors: asking again gives the same. */
  private static boolean isRefusal(String sqlState) {
    return sqlState.startsWith("22") || sqlState.startsWith("23") || sqlState.startsWith("42");
  }

  /** Numbers them, and keeps others from doing so before these are there or never will be. */
  private static long takeNumbers(Handle handle, int count) {
    handle.execute("SELECT pg_advisory_xact_lock(?)", ANSWER_WRITERS);
    long last =
        handle
            .createQuery("SELECT setval('answer_number', nextval('answer_number') + ? - 1)")
            .bind(0, count)
            .mapTo(Long.class)
            .one();
    return last - count + 1;
  }

  private static void insertAnswers(Handle handle, List<Answer> answers) {
    requireDistinct(answers);
    insertBatches(handle, byBranch(answers), takeNumbers(handle, answers.size()));
  }

  private static void insertMissingAnswers(Handle handle, List<Answer> answers) {
    long firstId = takeNumbers(handle, answers.size());
    Map<BranchId, List<Answer>> missing = new LinkedHashMap<>();
    byBranch(answers)
        .forEach((branch, given) -> {
          long oldest = given.stream().mapToLong(answer -> answer.span().end()).min().orElseThrow();
          Set<AnswerBatch.Key> known = new HashSet<>();
          batches(handle, branch, "last_tick", oldest)
              .forEach(answer -> known.add(AnswerBatch.Key.of(answer)));
          missing.put(
              branch,
              given.stream().filter(answer -> known.add(AnswerBatch.Key.of(answer))).toList());
        });
    insertBatches(handle, missing, firstId);
  }

  private static Map<BranchId, List<Answer>> byBranch(List<Answer> answers) {
    Map<BranchId, List<Answer>> byBranch = new LinkedHashMap<>();
    for (Answer answer : answers) {
      byBranch.computeIfAbsent(answer.branch(), _ -> new ArrayList<>()).add(answer);
    }
    return byBranch;
  }

  private static void insertBatches(
      Handle handle, Map<BranchId, List<Answer>> answers, long firstId) {
    String sql =
        """
        INSERT INTO answer_batch (branch_id, first_id, count, session, tick, last_tick, answers)
        VALUES (?, ?, ?, ?, ?, ?, ?)\
        """;
    long id = firstId;
    for (Map.Entry<BranchId, List<Answer>> ofBranch : answers.entrySet()) {
      for (AnswerBatch batch : AnswerBatch.of(ofBranch.getValue())) {
        handle.execute(
            sql,
            ofBranch.getKey().value(),
            id,
            batch.count(),
            batch.first().session(),
            batch.first().tick(),
            batch.lastTick(),
            batch.bytes().array());
        id += batch.count();
      }
    }
  }

  /** Two answers of one session at one tick are one answer told twice: a defect. */
  private static void requireDistinct(List<Answer> answers) {
    Map<BranchId, Set<AnswerBatch.Key>> known = new HashMap<>();
    for (Answer answer : answers) {
      if (!known
          .computeIfAbsent(answer.branch(), _ -> new HashSet<>())
          .add(AnswerBatch.Key.of(answer))) {
        throw new AnabranchException(
            ErrorCode.INTERNAL,
            "the ledger refused an answer of session "
                + answer.session()
                + ", which it was given twice");
      }
    }
  }

  private static void insertEndings(Handle handle, List<Ending> endings, String onConflict) {
    if (endings.isEmpty()) {
      return;
    }
    String sql =
        """
        INSERT INTO ending (branch_id, session, task, transaction, kind, span_begin, span_end, sent_at, done_at,
          transaction_id, position_after, undone)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS pg_lsn), ?)\
        """;
    try (PreparedBatch batch = handle.prepareBatch(sql + onConflict)) {
      for (Ending ending : endings) {
        batch.add(
            ending.branch().value(),
            ending.session(),
            ending.task().text(),
            ending.transaction(),
            ending.kind().name(),
            ending.span().begin(),
            ending.span().end(),
            utc(ending.sentAt()),
            utc(ending.doneAt()),
            ending.transactionId().isPresent() ? ending.transactionId().getAsLong() : null,
            ending.positionAfter().map(Lsn::toString).orElse(null),
            ending.undone().text());
      }
      batch.execute();
    }
  }

  private static void insertUnit(Handle handle, Unit unit, String onConflict) {
    String sql =
        """
        INSERT INTO unit (branch_id, transaction_id, commit_lsn, committed_at, shapes)
        VALUES (?, ?, CAST(? AS pg_lsn), ?, CAST(? AS json))\
        """;
    Optional<Long> id =
        handle
            .createQuery(sql + onConflict + " RETURNING id")
            .bind(0, unit.branch().value())
            .bind(1, unit.transactionId())
            .bind(2, unit.commitLsn().toString())
            .bind(3, utc(unit.committedAt()))
            .bind(4, LedgerJson.ofShapes(unit.shapes()))
            .mapTo(Long.class)
            .findOne();
    if (id.isPresent() && !unit.writes().isEmpty()) {
      insertWrites(handle, id.get(), unit.writes());
    }
  }

  private static void insertWrites(Handle handle, long unitId, List<Write> writes) {
    try (PreparedBatch batch =
        handle.prepareBatch(
            "INSERT INTO unit_writes (unit_id, piece, writes, length) VALUES (?, ?, CAST(? AS"
                + " json), ?)")) {
      for (int from = 0; from < writes.size(); from += WRITES_PER_PIECE) {
        List<Write> piece = writes.subList(from, Math.min(from + WRITES_PER_PIECE, writes.size()));
        String json = LedgerJson.ofWrites(piece);
        batch.add(unitId, from / WRITES_PER_PIECE, json, json.length());
      }
      batch.execute();
    }
  }

  @Override
  public List<Answer> answers(BranchId branch) {
    return answers(branch, 0);
  }

  /** Numbers are taken in the order in which they are committed. */
  @Override
  public List<Answer> answers(BranchId branch, long after) {
    return jdbi.withHandle(handle -> batches(handle, branch, "first_id", after + 1));
  }

  /**
   * A branch's answers, from the batch on that is at or above a limit in a column, and perhaps some
   * older ones.
   */
  private static List<Answer> batches(Handle handle, BranchId branch, String column, long limit) {
    String sql =
        "SELECT first_id, count, answers FROM answer_batch WHERE branch_id = ? AND "
            + column
            + " >= ? ORDER BY first_id";
    Map<String, String> texts = new HashMap<>();
    return handle
        .createQuery(sql)
        .bind(0, branch.value())
        .bind(1, limit)
        .map((row, context) ->
            AnswerBatch.read(
                branch,
                row.getLong("first_id"),
                row.getInt("count"),
                row.getBytes("answers"),
                texts))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Ending> endings(BranchId branch) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM ending WHERE branch_id = ? ORDER BY id")
            .bind(0, branch.value())
            .map((row, context) -> ending(row))
            .list());
  }

  private static Ending ending(ResultSet row) throws SQLException {
    String position = row.getString("position_after");
    String transactionId = row.getString("transaction_id");
    return new Ending(
        new BranchId(row.getLong("branch_id")),
        row.getObject("session", UUID.class),
        Task.parse(row.getString("task")),
        row.getLong("transaction"),
        Ending.Kind.valueOf(row.getString("kind")),
        new Span(row.getLong("span_begin"), row.getLong("span_end")),
        instant(row, "sent_at"),
        instant(row, "done_at"),
        transactionId == null
            ? OptionalLong.empty()
            : OptionalLong.of(Long.parseLong(transactionId)),
        Optional.ofNullable(position).map(Lsn::parse),
        Undone.parse(row.getString("undone")));
  }

  @Override
  public long length(BranchId branch) {
    String sql =
        """
        SELECT coalesce((SELECT sum(octet_length(answers)) FROM answer_batch WHERE branch_id = :branch), 0)
          + coalesce((SELECT sum(w.length) FROM unit_writes w JOIN unit u ON u.id = w.unit_id
                      WHERE u.branch_id = :branch), 0)\
        """;
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bind("branch", branch.value()).mapTo(Long.class).one());
  }

  @Override
  public List<Unit> units(BranchId branch) {
    return units(branch, Lsn.ZERO);
  }

  @Override
  public List<Unit> units(BranchId branch, Lsn after) {
    return jdbi.withHandle(handle -> {
      Map<Long, List<Write>> writes = writesByUnit(handle, branch, after);
      return handle
          .createQuery(
              "SELECT * FROM unit WHERE branch_id = ? AND commit_lsn > CAST(? AS pg_lsn)"
                  + " ORDER BY commit_lsn")
          .bind(0, branch.value())
          .bind(1, after.toString())
          .map((row, context) -> unit(row, writes))
          .list();
    });
  }

  @Override
  public List<Long> unitIds(BranchId branch) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT id FROM unit WHERE branch_id = ? ORDER BY commit_lsn")
            .bind(0, branch.value())
            .mapTo(Long.class)
            .list());
  }

  @Override
  public void eachPiece(BranchId branch, Consumer<Unit> told) {
    String sql =
        """
        SELECT u.*, w.writes FROM unit u LEFT JOIN unit_writes w ON w.unit_id = u.id
        WHERE u.branch_id = ? ORDER BY u.commit_lsn, w.piece\
        """;
    ShapesAsBefore shapes = new ShapesAsBefore();
    jdbi.useTransaction(handle ->
        handle
            .createQuery(sql)
            .bind(0, branch.value())
            .setFetchSize(PIECES_AT_ONCE)
            .map((row, context) -> piece(row, shapes))
            .forEach(told));
  }

  private static Unit piece(ResultSet row, ShapesAsBefore shapes) throws SQLException {
    String writes = row.getString("writes");
    return new Unit(
        row.getLong("id"),
        new BranchId(row.getLong("branch_id")),
        row.getLong("transaction_id"),
        Lsn.parse(row.getString("commit_lsn")),
        instant(row, "committed_at"),
        shapes.of(row.getString("shapes")),
        writes == null ? List.of() : LedgerJson.toWrites(writes));
  }

  /** Neighbouring units mostly write to the same tables. */
  private static final class ShapesAsBefore {
    private String text = "";
    private List<TableShape> shapes = List.of();

    List<TableShape> of(String next) {
      if (!next.equals(text)) {
        shapes = LedgerJson.toShapes(next);
        text = next;
      }
      return shapes;
    }
  }

  private static Map<Long, List<Write>> writesByUnit(Handle handle, BranchId branch, Lsn after) {
    Map<Long, List<Write>> byUnit = new LinkedHashMap<>();
    String sql =
        """
        SELECT w.unit_id, w.writes FROM unit_writes w JOIN unit u ON u.id = w.unit_id
        WHERE u.branch_id = ? AND u.commit_lsn > CAST(? AS pg_lsn) ORDER BY w.unit_id, w.piece\
        """;
    handle
        .createQuery(sql)
        .bind(0, branch.value())
        .bind(1, after.toString())
        .map((row, context) ->
            Map.entry(row.getLong("unit_id"), LedgerJson.toWrites(row.getString("writes"))))
        .forEach(piece ->
            byUnit
                .computeIfAbsent(piece.getKey(), id -> new ArrayList<>())
                .addAll(piece.getValue()));
    return byUnit;
  }

  private static Unit unit(ResultSet row, Map<Long, List<Write>> writes) throws SQLException {
    long id = row.getLong("id");
    return new Unit(
        id,
        new BranchId(row.getLong("branch_id")),
        row.getLong("transaction_id"),
        Lsn.parse(row.getString("commit_lsn")),
        instant(row, "committed_at"),
        LedgerJson.toShapes(row.getString("shapes")),
        writes.getOrDefault(id, List.of()));
  }

  @Override
  public Lsn lastUnitLsn(BranchId branch) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT commit_lsn::text FROM unit WHERE branch_id = ? ORDER BY commit_lsn DESC"
                    + " LIMIT 1")
            .bind(0, branch.value())
            .mapTo(String.class)
            .findOne()
            .map(Lsn::parse)
            .orElse(Lsn.ZERO));
  }

  @Override
  public long lastTick(BranchId branch) {
    String sql =
        """
        SELECT greatest((SELECT max(last_tick) FROM answer_batch WHERE branch_id = :branch),
                        (SELECT max(span_end) FROM ending WHERE branch_id = :branch), 0)\
        """;
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bind("branch", branch.value()).mapTo(Long.class).one());
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
