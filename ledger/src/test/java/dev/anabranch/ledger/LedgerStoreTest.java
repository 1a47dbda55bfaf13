package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.Cell;
import dev.anabranch.base.Column;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Ledger.Entry;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class LedgerStoreTest {

  /** Stack traces have numbers, too. */
  private static final String NOT_A_LINE = "(?<![:0-9])";

  private static final BranchId BRANCH = new BranchId(3);
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

  private HikariDataSource control;
  private LedgerStore store;

  @BeforeEach
  void start() {
    control = ControlDatabase.fresh(TemporaryPostgres.shared());
    store = new LedgerStore(control);
  }

  @AfterEach
  void stop() {
    control.close();
  }

  static Answer answer(UUID session, long tick, OwnWrites ownWrites) {
    return answer(session, tick, ownWrites, "SELECT 'é', $1, $2");
  }

  static Answer answer(UUID session, long tick, OwnWrites ownWrites, String sql) {
    TreeMap<String, String> settings = new TreeMap<>();
    settings.put("search_path", "\"$user\", public");
    return new Answer(
        0,
        BRANCH,
        session,
        new Task.Named("a task"),
        tick,
        tick,
        new Span(tick, tick + 1),
        ownWrites,
        new Question(
            sql,
            List.of(
                new Parameter(23, Optional.of("45"), true),
                new Parameter(0, Optional.empty(), true)),
            settings),
        new Result(
            List.of(new ResultColumn("a", 25, 16384, 1), new ResultColumn("?column?", 23, 0, 0)),
            2,
            true,
            true,
            -5,
            Long.MIN_VALUE,
            Optional.of(List.of(Arrays.asList("é\n\"", null), List.of("", "false")))),
        "SELECT 2",
        NOON);
  }

  private static Answer onBranch(Answer answer, BranchId branch) {
    return new Answer(
        answer.id(),
        branch,
        answer.session(),
        answer.task(),
        answer.transaction(),
        answer.transactionBegan(),
        answer.span(),
        answer.ownWrites(),
        answer.question(),
        answer.result(),
        answer.commandTag(),
        answer.askedAt());
  }

  private static Answer asking(Answer answer, String sql) {
    return new Answer(
        answer.id(),
        answer.branch(),
        answer.session(),
        answer.task(),
        answer.transaction(),
        answer.transactionBegan(),
        answer.span(),
        answer.ownWrites(),
        new Question(sql, answer.question().parameters(), answer.question().settings()),
        answer.result(),
        answer.commandTag(),
        answer.askedAt());
  }

  private boolean waitsForALock() {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement();
        ResultSet waiting =
            statement.executeQuery(
                "SELECT FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock'")) {
      return waiting.next();
    } catch (SQLException e) {
      throw new IllegalStateException("asking who waits", e);
    }
  }

  private static Unit unit(long lsn, List<Write> writes) {
    TableShape shape =
        new TableShape(
            new TableId(16384),
            "public",
            "t",
            List.of(new Column(1, "id", 23, -1, true), new Column(2, "v", 1700, 655366, false)));
    return new Unit(0, BRANCH, 742, new Lsn(lsn), NOON, List.of(shape), writes);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    UUID session = UUID.randomUUID();
    List<OwnWrites> kinds =
        List.of(
            new OwnWrites.None(),
            new OwnWrites.UpTo(1L << 40, Lsn.parse("F/FFFFFFFF")),
            new OwnWrites.Unknown("nobody knows"));
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      entries.add(new Entry.AnswerGiven(answer(session, i * 10L, kinds.get(i))));
    }
    Ending ending = ending(session);
    Ending bare =
        new Ending(
            BRANCH,
            session,
            new Task.Work("app", "psql\t18", "::1"),
            5,
            Ending.Kind.UNKNOWN,
            new Span(61, 62),
            NOON,
            NOON,
            OptionalLong.empty(),
            Optional.empty(),
            new Undone.Unknown());
    entries.add(new Entry.TransactionEnded(ending));
    entries.add(new Entry.TransactionEnded(bare));
    store.append(entries);

    List<Answer> answers = store.answers(BRANCH);
    assertThat(answers).extracting(Answer::id).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < kinds.size(); i++) {
      assertThat(answers.get(i))
          .usingRecursiveComparison()
          .ignoringFields("id")
          .isEqualTo(answer(session, i * 10L, kinds.get(i)));
    }
    assertThat(store.endings(BRANCH)).containsExactly(ending, bare);
    assertThat(store.lastTick(BRANCH)).isEqualTo(62);
    assertThat(store.answers(new BranchId(4))).isEmpty();
    assertThat(store.lastTick(new BranchId(4))).isZero();
  }

  static Ending ending(UUID session) {
    return new Ending(
        BRANCH,
        session,
        new Task.Named("a task"),
        4,
        Ending.Kind.COMMITTED_IN_PART,
        new Span(50, 60),
        NOON,
        NOON.plusSeconds(1),
        OptionalLong.of(9),
        Optional.of(Lsn.parse("0/3A0")),
        new Undone.Parts(List.of(new Span(41, 43), new Span(40, 47))));
  }

  @Test
  void unitsKeepTheirWritesHoweverMany() {
    TableId table = new TableId(16384);
    Image before = new Image(List.of(Cell.of("1"), Cell.of(null)));
    Image after = new Image(List.of(Cell.of("1"), Cell.Absent.UNCHANGED));
    List<Write> few =
        List.of(
            new Write.Insert(table, new Lsn(1), before),
            new Write.Update(table, new Lsn(2), before, after),
            new Write.Delete(table, new Lsn(3), after),
            new Write.Truncate(table, new Lsn(4)));
    List<Write> many = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      many.add(
          new Write.Insert(table, new Lsn(i), new Image(List.of(Cell.of("" + i), Cell.of("x")))));
    }
    assertThat(store.lastUnitLsn(BRANCH)).isEqualTo(Lsn.ZERO);
    store.append(
        List.of(
            new Entry.UnitCommitted(unit(0x10, few)),
            new Entry.UnitCommitted(unit(0x20, many)),
            new Entry.UnitCommitted(unit(0x30, List.of()))));
    assertThat(store.units(BRANCH)).extracting(Unit::writes).containsExactly(few, many, List.of());
    assertThat(store.units(BRANCH).getFirst().shapes()).isEqualTo(unit(0x10, few).shapes());
    assertThat(store.units(BRANCH, new Lsn(0x10)))
        .extracting(Unit::writes)
        .containsExactly(many, List.of());
    assertThat(store.units(BRANCH, new Lsn(0x30))).isEmpty();
    assertThat(store.lastUnitLsn(BRANCH)).isEqualTo(new Lsn(0x30));
    assertThat(store.lastUnitLsn(BRANCH).toString()).isEqualTo("0/30");
  }

  @Test
  void anAppendIsAllOrNothing() {
    store.append(List.of(new Entry.UnitCommitted(unit(0x10, List.of()))));
    List<Entry> withADuplicate =
        List.of(
            new Entry.AnswerGiven(answer(UUID.randomUUID(), 1, new OwnWrites.None())),
            new Entry.UnitCommitted(unit(0x10, List.of())));
    assertThatThrownBy(() -> store.append(withADuplicate)).isInstanceOf(AnabranchException.class);
    assertThat(store.answers(BRANCH)).isEmpty();
    assertThat(store.units(BRANCH)).hasSize(1);
  }

  @Test
  void writingAgainAfterADoubtfulCommitAddsNothing() {
    List<Entry> entries =
        List.of(
            new Entry.AnswerGiven(answer(UUID.randomUUID(), 1, new OwnWrites.None())),
            new Entry.UnitCommitted(
                unit(0x10, List.of(new Write.Truncate(new TableId(1), new Lsn(2))))));
    store.append(entries);
    store.appendMissing(entries);
    assertThat(store.answers(BRANCH)).hasSize(1);
    assertThat(store.units(BRANCH)).hasSize(1);
    assertThat(store.units(BRANCH).getFirst().writes()).hasSize(1);
  }

  @Test
  void onlyWhatIsMissingOfADoubtfulBatchIsWritten() {
    UUID session = UUID.randomUUID();
    List<Entry> entries = new ArrayList<>();
    for (int tick = 0; tick < 10; tick++) {
      entries.add(new Entry.AnswerGiven(answer(session, tick, new OwnWrites.None())));
    }
    store.append(entries.subList(0, 4));
    store.append(entries.subList(4, 6));
    store.appendMissing(entries.subList(2, 8));
    store.appendMissing(entries);
    List<Answer> answers = store.answers(BRANCH);
    assertThat(answers)
        .extracting(Answer::transaction)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(answers).extracting(Answer::id).isSorted().doesNotHaveDuplicates();
  }

  /** A killed process's last transaction may still be under way when the next one begins. */
  @Test
  void whatIsMissingIsLookedForWhenNobodyElseIsWriting() throws Exception {
    Entry entry = new Entry.AnswerGiven(answer(UUID.randomUUID(), 1, new OwnWrites.None()));
    store.append(List.of(entry));
    CompletableFuture<Void> again;
    try (Connection killed = control.getConnection();
        Statement statement = killed.createStatement()) {
      killed.setAutoCommit(false);
      statement.execute("SELECT pg_advisory_xact_lock(" + LedgerStore.ANSWER_WRITERS + ")");
      statement.execute(
          "INSERT INTO answer_batch SELECT 4, first_id + 1, count, session, tick, last_tick,"
              + " answers FROM answer_batch");
      Entry ofFour =
          new Entry.AnswerGiven(onBranch(store.answers(BRANCH).getFirst(), new BranchId(4)));
      again = CompletableFuture.runAsync(() -> store.appendMissing(List.of(ofFour)));
      Await.until(this::waitsForALock, Duration.ofSeconds(10));
      killed.commit();
    }
    again.get(10, TimeUnit.SECONDS);
    assertThat(store.answers(new BranchId(4))).hasSize(1);
  }

  @Test
  void answersOfSeveralBranchesKeepTheirOrder() {
    UUID session = UUID.randomUUID();
    List<Entry> entries = new ArrayList<>();
    for (int tick = 0; tick < 9; tick++) {
      BranchId branch = new BranchId(tick % 3);
      entries.add(
          new Entry.AnswerGiven(onBranch(answer(session, tick, new OwnWrites.None()), branch)));
    }
    store.append(entries);
    List<Long> ids = new ArrayList<>();
    for (int branch = 0; branch < 3; branch++) {
      List<Answer> answers = store.answers(new BranchId(branch));
      assertThat(answers)
          .extracting(Answer::transaction)
          .containsExactly((long) branch, branch + 3L, branch + 6L);
      assertThat(store.lastTick(new BranchId(branch))).isEqualTo(branch + 7L);
      answers.forEach(answer -> ids.add(answer.id()));
    }
    assertThat(ids).doesNotHaveDuplicates();
  }

  /** Sixteen long texts are more than one row takes. */
  @Test
  void longAnswersTakeSeveralRows() throws Exception {
    UUID session = UUID.randomUUID();
    List<Entry> entries = new ArrayList<>();
    for (int tick = 0; tick < 16; tick++) {
      Answer answer = answer(session, tick, new OwnWrites.None());
      entries.add(new Entry.AnswerGiven(asking(answer, tick + "é".repeat(1 << 18))));
    }
    store.append(entries);
    assertThat(store.answers(BRANCH))
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
        .containsExactlyElementsOf(
            entries.stream().map(entry -> ((Entry.AnswerGiven) entry).answer()).toList());
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM answer_batch")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt(1)).isBetween(2, 4);
    }
  }

  @Test
  void aRefusalDoesNotTellWhatWasAskedAndAnswered() {
    UUID session = new UUID(1, 2); // has no digits that the answer has
    Entry twice = new Entry.AnswerGiven(answer(session, 1, new OwnWrites.Unknown("hush")));
    assertThatThrownBy(() -> store.append(List.of(twice, twice)))
        .satisfies(failure ->
            assertThat(Throwables.getStackTrace(failure))
                .contains("given twice")
                .doesNotContain("é", "hush")
                .doesNotContainPattern(NOT_A_LINE + "45"));
    store.append(List.of(twice));
    assertThatThrownBy(() -> store.append(List.of(twice)))
        .satisfies(failure ->
            assertThat(Throwables.getStackTrace(failure))
                .contains("answer_batch_branch_id")
                .doesNotContain("é", "hush")
                .doesNotContainPattern(NOT_A_LINE + "45"));
  }
}
