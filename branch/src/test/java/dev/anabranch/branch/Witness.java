package dev.anabranch.branch;

import dev.anabranch.base.Lsn;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Several who write to a database at once, and what main's own log says of it. */
final class Witness {

  static final String DATABASE = "shop";

  private static final int WRITERS = 3;
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  private final TemporaryPostgres main;

  /** What main's own log says of each commit: where it ends, when it was, and the row it made. */
  record Committed(Lsn end, Instant at, long row) {}

  Witness(TemporaryPostgres main) {
    this.main = main;
    main.execute("CREATE DATABASE " + DATABASE);
    main.executeIn(
        DATABASE,
        "CREATE TABLE log (id bigserial PRIMARY KEY, filler text)",
        "CREATE PUBLICATION witness FOR TABLE log",
        "SELECT pg_create_logical_replication_slot('witness', 'pgoutput')");
  }

  <T> T whileWriting(Callable<T> action) throws Exception {
    AtomicBoolean stopped = new AtomicBoolean();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        running.add(writers.submit(() -> write(stopped)));
      }
      try {
        return action.call();
      } finally {
        stopped.set(true);
        for (Future<?> writer : running) {
          writer.get();
        }
      }
    }
  }

  private Void write(AtomicBoolean stopped) throws SQLException {
    try (Connection connection = main.connect(DATABASE);
        Statement statement = connection.createStatement()) {
      while (!stopped.get()) {
        // Rows of very different sizes, so that records cross the log's pages in every way, and
        // never a break in which nothing is being written: the pauses are the server's and the
        // writers do not pause together.
        statement.execute(
            "INSERT INTO log (filler) SELECT repeat('x', (random() * random() * 9000)::int)");
        statement.execute("SELECT pg_sleep(random() * 0.004)");
      }
    }
    return null;
  }

  /** In the order of the log. */
  List<Committed> commits() throws SQLException {
    List<Committed> commits = new ArrayList<>();
    try (Connection connection = main.connect(DATABASE);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('witness', NULL, NULL,"
                    + " 'proto_version', '1', 'publication_names', 'witness')")) {
      long row = 0;
      while (rows.next()) {
        ByteBuffer message = ByteBuffer.wrap(rows.getBytes(1));
        switch (message.get()) {
          case 'I' -> {
            message.position(message.position() + 4 + 1 + 2 + 1); // relation, 'N', columns, 't'
            byte[] id = new byte[message.getInt()];
            message.get(id);
            row = Long.parseLong(new String(id, StandardCharsets.US_ASCII));
          }
          case 'C' -> {
            message.get(); // flags
            message.getLong(); // where the commit record starts
            Lsn end = new Lsn(message.getLong());
            commits.add(new Committed(end, EPOCH.plus(message.getLong(), ChronoUnit.MICROS), row));
          }
          default -> {}
        }
      }
    }
    return commits;
  }
}
