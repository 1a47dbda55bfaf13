package dev.anabranch.mainfeed.slot;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TextForm;
import dev.anabranch.mainfeed.decode.Change;
import dev.anabranch.mainfeed.decode.PgOutputDecoder;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast main's WAL is decoded and stored. Run with {@code
 * -Dtest.jvm.options=-Danabranch.measure=feed}.
 */
@EnabledIfSystemProperty(
    named = "anabranch.measure",
    matches = "feed",
    disabledReason = "a measurement, on request")
@Tag("postgres")
class FeedSpeedTest {

  private static final Logger LOG = LoggerFactory.getLogger(FeedSpeedTest.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void decoding() throws SQLException {
    try (TemporaryPostgres main = TemporaryPostgres.start()) {
      main.execute(
          "CREATE TABLE t (id int PRIMARY KEY, customer bigint, total numeric, state text, at"
              + " timestamptz, note text)",
          "CREATE PUBLICATION p FOR TABLE t",
          "SELECT pg_create_logical_replication_slot('s', 'pgoutput')",
          "INSERT INTO t SELECT g, g, g * 1.5, 'open', now(), 'a note of thirty characters ..' FROM"
              + " generate_series(1, 200000) g");
      List<byte[]> messages = new ArrayList<>();
      try (Connection connection = main.connect();
          Statement statement = connection.createStatement()) {
        for (String set : TextForm.SET_STATEMENTS) {
          statement.execute(set);
        }
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('s', NULL, NULL,"
                    + " 'proto_version', '1', 'publication_names', 'p')")) {
          while (rows.next()) {
            messages.add(rows.getBytes(1));
          }
        }
      }
      for (int round = 0; round < 8; round++) {
        long start = System.nanoTime();
        long cells = 0;
        for (byte[] message : messages) {
          cells +=
              PgOutputDecoder.decode(ByteBuffer.wrap(message)) instanceof Change.Insert insert
                  ? insert.after().cells().size()
                  : 0;
        }
        assertThat(cells).isEqualTo(1_200_000);
        LOG.warn("decoded {} changes/s", perSecond(messages.size(), start));
      }
    }
  }

  @Test
  void decodingAndStoring() {
    try (TemporaryPostgres main = TemporaryPostgres.start();
        HikariDataSource control = ControlDatabase.fresh(TemporaryPostgres.shared())) {
      main.execute(
          "CREATE TABLE t (id int PRIMARY KEY, customer bigint, total numeric, state text, at"
              + " timestamptz, note text)");
      FeedStore store = new FeedStore(control);
      try (FeedSupervisor connection =
          new FeedSupervisor(FeedSettings.of(main.jdbcUrl(), new Properties(), "speed"), store)) {
        connection.start();
        connection.awaitStreaming(PATIENCE);
        measure(
            main,
            store,
            "inserts of 200 rows each",
            "INSERT INTO t SELECT i * 200 + g, g, g * 1.5, 'open', now(),"
                + " 'a note of thirty characters ..' FROM generate_series(1, 200) g",
            2000);
        measure(
            main,
            store,
            "updates of 200 rows each",
            "UPDATE t SET total = total + 1 WHERE id > i * 200 AND id <= (i + 1) * 200",
            2000);
        measure(
            main,
            store,
            "updates of one row each",
            "UPDATE t SET total = total + 1 WHERE id = 1 + i % 1000",
            50_000);
      }
    }
  }

  private static void measure(
      TemporaryPostgres main, FeedStore store, String what, String statement, int times) {
    long rows = statement.contains("200") ? times * 200L : times;
    long start = System.nanoTime();
    main.execute(
        "DO $$ BEGIN FOR i IN 0.."
            + (times - 1)
            + " LOOP "
            + statement
            + "; COMMIT; END LOOP; END $$");
    long written = System.nanoTime();
    store.await(
        Lsn.parse(main.query("postgres", "SELECT pg_current_wal_flush_lsn()").getFirst()),
        PATIENCE);
    LOG.warn(
        "{}: main wrote {} rows/s, the feed followed at {} rows/s and was done {} ms later",
        what,
        String.format(Locale.ROOT, "%.0f", rows * 1e9 / (written - start)),
        perSecond(rows, start),
        (System.nanoTime() - written) / 1_000_000);
  }

  private static String perSecond(long count, long start) {
    return String.format(Locale.ROOT, "%.0f", count * 1e9 / (System.nanoTime() - start));
  }
}
