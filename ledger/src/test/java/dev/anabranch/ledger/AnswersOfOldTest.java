package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.base.Lsn;
import dev.anabranch.ledger.Ledger.Entry;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Answers that were written when each had a row of its own are there when they share rows. */
@Tag("postgres")
class AnswersOfOldTest {

  private static final BranchId BRANCH = new BranchId(3);
  private static final UUID SESSION = new UUID(-7, 7);
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

  private static final String ROWS_OF_OLD =
      """
      INSERT INTO answer (branch_id, session, task, transaction, transaction_began, span_begin, span_end, own_writes,
        sql, parameters, settings, columns, row_count, complete, comparable, ordered_digest, bag_digest, rows,
        command_tag, asked_at, withheld_since)
      VALUES
        (3, 'ffffffff-ffff-fff9-0000-000000000007', 'a task', 1, 2, 3, 4,
         '{"saw":"upTo","transactionId":1099511627776,"upTo":"F/FFFFFFFF"}', 'SELECT ''é'', $1, $2',
         '[{"type":23,"text":"45","readable":true},{"type":0,"text":null,"readable":true}]',
         '{"search_path":"\\"$user\\", public"}',
         '[{"name":"a","type":25,"table":16384,"number":1},{"name":"?column?","type":23,"table":0,"number":0}]',
         2, true, true, -5, -9223372036854775808, '[["é\\n\\"",null],["","false"]]', 'SELECT 2',
         '2026-11-20T12:00:00.123456Z', NULL),
        (3, 'ffffffff-ffff-fff9-0000-000000000007', '', 2, 5, 5, 6, '{"saw":"none"}', 'SELECT 1', '[]', '{}', '[]',
         7, false, false, 0, 0, NULL, '', '1969-12-31T23:59:59.999999Z', '2026-11-20T12:00:00.123456Z')
      """;

  private static Flyway upTo(PGSimpleDataSource control, String version) {
    return Flyway.configure()
        .dataSource(control)
        .locations("classpath:db/migration")
        .target(version)
        .load();
  }

  @Test
  void theyKeepTheirNumbersAndAllThatIsInThem() throws SQLException {
    TemporaryPostgres postgres = TemporaryPostgres.shared();
    PGSimpleDataSource control = new PGSimpleDataSource();
    control.setUrl(postgres.jdbcUrl(postgres.freshDatabase()));
    upTo(control, "12").migrate();
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(ROWS_OF_OLD);
    }
    upTo(control, "13").migrate();

    LedgerStore store = new LedgerStore(control);
    TreeMap<String, String> settings = new TreeMap<>();
    settings.put("search_path", "\"$user\", public");
    Answer first =
        new Answer(
            1,
            BRANCH,
            SESSION,
            new Task.Named("a task"),
            1,
            2,
            new Span(3, 4),
            new OwnWrites.UpTo(1L << 40, Lsn.parse("F/FFFFFFFF")),
            new Question(
                "SELECT 'é', $1, $2",
                List.of(
                    new Parameter(23, Optional.of("45"), true),
                    new Parameter(0, Optional.empty(), true)),
                settings),
            new Result(
                List.of(
                    new ResultColumn("a", 25, 16384, 1), new ResultColumn("?column?", 23, 0, 0)),
                2,
                true,
                true,
                -5,
                Long.MIN_VALUE,
                Optional.of(List.of(Arrays.asList("é\n\"", null), List.of("", "false")))),
            "SELECT 2",
            NOON);
    Answer second =
        new Answer(
                2,
                BRANCH,
                SESSION,
                new Task.SessionAlone(),
                2,
                5,
                new Span(5, 6),
                new OwnWrites.None(),
                new Question("SELECT 1", List.of(), new TreeMap<>()),
                new Result(List.of(), 7, false, false, 0, 0, Optional.empty()),
                "",
                Instant.parse("1969-12-31T23:59:59.999999Z"))
            .withheldSince(NOON);
    assertThat(store.answers(BRANCH)).containsExactly(first, second);
    assertThat(store.lastTick(BRANCH)).isEqualTo(6);

    store.appendMissing(List.of(new Entry.AnswerGiven(second)));
    store.append(
        List.of(
            new Entry.AnswerGiven(
                LedgerStoreTest.answer(SESSION, 20, new OwnWrites.Unknown("why")))));
    assertThat(store.answers(BRANCH)).hasSize(3).extracting(Answer::id).isSorted();
  }
}
