package dev.anabranch.trials.sizes;

import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import tools.jackson.databind.JsonNode;

/**
 * More than the server's memory through its gateway, in every direction, and many connections at
 * once; afterwards the ledger says what there was.
 */
public final class SizesTrial {

  private static final String BRANCH = "sizes";
  private static final int LINE_BYTES = 1024;
  private static final int LINES_PER_MEGABYTE = 1024;
  private static final int ROWS_AT_A_TIME = 2_000;
  private static final int ROW_MEGABYTES = 40;

  /** Of the fifty that a branch allows, as many as its own sessions leave for sure. */
  private static final int CONNECTIONS_PER_BRANCH = 40;

  /**
   * @param megabytes of each result and each copy
   * @param heap of the server, in megabytes
   * @param connections at once
   */
  public record Size(int megabytes, int heap, int connections) {
    int lines() {
      return megabytes * LINES_PER_MEGABYTE;
    }
  }

  private final Size size;
  private final PrintStream out;
  private final List<String> findings = new ArrayList<>();

  public SizesTrial(Size size, PrintStream out) {
    this.size = size;
    this.out = out;
  }

  /** Runs on this data directory and returns what was wrong; empty when nothing was. */
  public List<String> run(Path data) throws IOException, SQLException, InterruptedException {
    out.println(size);
    try (ServerProcess server =
        ServerProcess.start(
            data,
            Optional.empty(),
            List.of(
                "-Xmx" + size.heap() + "m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError"))) {
      server.product().main().run("CREATE TABLE lines (id bigint, line text)");
      Address branch = server.product().create(BRANCH, Product.Wish.now().thrownAway());
      try (Connection connection = branch.connect()) {
        result(connection);
        longRow(connection);
        copyIn(connection);
        copyOut(connection);
      }
      kept(server.product().answers(BRANCH));
      connections(server.product());
      out.println("the server's heap held");
    }
    return findings;
  }

  /** A line that differs from the next, as SQL. */
  private static String line(String number) {
    return "rpad(" + number + "::text, " + (LINE_BYTES - 1) + ", '.')";
  }

  private void result(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    long began = System.nanoTime();
    int rows = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(ROWS_AT_A_TIME);
      try (ResultSet results =
          statement.executeQuery(
              "SELECT " + line("i") + " FROM generate_series(1, " + size.lines() + ") i")) {
        while (results.next()) {
          rows++;
        }
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
    told("result", began);
    expect("rows of the result", size.lines(), rows);
  }

  /** One row that is longer than what the gateway reads along. */
  private void longRow(Connection connection) throws SQLException {
    String row =
        Sql.texts(connection, "SELECT repeat('x', " + (ROW_MEGABYTES << 20) + ")").getFirst();
    expect("characters of the long row", ROW_MEGABYTES << 20, row.length());
  }

  private void copyIn(Connection connection) throws SQLException {
    long began = System.nanoTime();
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY lines FROM STDIN");
    for (int i = 1; i <= size.lines(); i++) {
      byte[] line =
          (i + "\t" + "-".repeat(LINE_BYTES - 12) + "\n").getBytes(StandardCharsets.UTF_8);
      copy.writeToCopy(line, 0, line.length);
    }
    expect("lines copied in", size.lines(), copy.endCopy());
    told("copy in", began);
    expect(
        "lines that are there",
        size.lines(),
        Long.parseLong(Sql.texts(connection, "SELECT count(DISTINCT id) FROM lines").getFirst()));
  }

  private void copyOut(Connection connection) throws SQLException {
    long began = System.nanoTime();
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (SELECT id, line FROM lines) TO STDOUT");
    long lines = 0;
    while (copy.readFromCopy() != null) {
      lines++;
    }
    told("copy out", began);
    expect("lines copied out", size.lines(), lines);
  }

  private void kept(JsonNode answers) {
    Map<String, Long> rows = new HashMap<>();
    answers.forEach(
        answer -> rows.put(answer.path("sql").asString(), answer.path("rows").asLong()));
    expect("answers in the ledger", 4, rows.size());
    rows.forEach((sql, count) -> {
      if (sql.contains("generate_series") || sql.startsWith("COPY (")) {
        expect("rows in the ledger of " + sql, size.lines(), count);
      }
    });
  }

  private void connections(Product product) throws InterruptedException {
    List<Address> branches = new ArrayList<>();
    for (int left = size.connections(); left > 0; left -= CONNECTIONS_PER_BRANCH) {
      branches.add(product.create("sizes-" + branches.size(), Product.Wish.latest().thrownAway()));
    }
    List<Callable<Connection>> logins = new ArrayList<>();
    for (int i = 0; i < size.connections(); i++) {
      Address branch = branches.get(i / CONNECTIONS_PER_BRANCH);
      logins.add(branch::connect);
    }
    long began = System.nanoTime();
    List<Connection> open = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CONNECTIONS_PER_BRANCH)) {
      for (Future<Connection> login : callers.invokeAll(logins)) {
        open.add(login.get());
      }
      told(open.size() + " connections", began);
      List<Callable<List<String>>> questions = new ArrayList<>();
      for (int i = 0; i < open.size(); i++) {
        Connection connection = open.get(i);
        String sql = "SELECT " + i;
        questions.add(() -> Sql.texts(connection, sql));
      }
      int answered = 0;
      for (Future<List<String>> answer : callers.invokeAll(questions)) {
        answered += answer.get().equals(List.of(Integer.toString(answered))) ? 1 : 0;
      }
      expect("connections that are answered", size.connections(), answered);
    } catch (ExecutionException e) {
      findings.add("a connection failed: " + e.getCause());
    } finally {
      open.forEach(SizesTrial::close);
    }
    int kept = 0;
    for (int i = 0; i < branches.size(); i++) {
      kept += product.answers("sizes-" + i).size();
    }
    expect("answers of all connections in the ledger", size.connections(), kept);
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("closing a connection", e);
    }
  }

  private void told(String what, long began) {
    out.printf(Locale.ROOT, "%s: %.1f s%n", what, (System.nanoTime() - began) / 1e9);
  }

  private void expect(String what, long wanted, long found) {
    if (wanted != found) {
      findings.add(what + ": " + found + " instead of " + wanted);
    }
  }
}
