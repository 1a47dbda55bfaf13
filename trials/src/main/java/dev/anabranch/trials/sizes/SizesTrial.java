package dev.anabranch.trials.sizes;

import dev.anabranch.cluster.Poll;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
 * More than the server's memory through its gateway, in every direction, many connections at once,
 * and results that nobody reads; afterwards the ledger says what there was.
 */
public final class SizesTrial {

  private static final String BRANCH = "sizes";
  private static final int LINE_BYTES = 1024;
  private static final int LINES_PER_MEGABYTE = 1024;
  private static final int ROWS_AT_A_TIME = 2_000;
  private static final int ROW_MEGABYTES = 40;
  private static final int TALKERS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

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
      resident("after copies", server);
      connections(server.product());
      resident("after connections", server);
      unread(server);
      longTexts(server);
      boolean held = server.isAlive() && !server.logs().contains("OutOfMemoryError");
      expect("whether the server's memory held", 1, held ? 1 : 0);
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
    expect("answers in the ledger", 5, rows.size());
    rows.forEach((sql, count) -> {
      if (sql.contains("generate_series") || sql.startsWith("COPY ")) {
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

  /** As many results as connections, each larger than what any buffer holds, and no reader. */
  private void unread(ServerProcess server) throws SQLException {
    List<Connection> silent = new ArrayList<>();
    try {
      // One less than there may be: somebody else wants in.
      for (int i = 1; i < size.connections(); i++) {
        Connection connection = server.product().branch(branchOf(i)).connect();
        silent.add(connection);
        CopyOut started =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT " + line("generate_series(1, 1000000)") + ") TO STDOUT");
        expect("columns of a copy that nobody reads", 1, started.getFieldCount());
      }
      resident("with " + silent.size() + " results that nobody reads", server);
      String answer = server.product().branch(BRANCH).texts("SELECT 1").getFirst();
      expect("what somebody else is answered meanwhile", 1, Long.parseLong(answer));
    } finally {
      silent.forEach(SizesTrial::abort);
    }
    boolean gone =
        Poll.until(
            PATIENCE,
            () -> server.product().status().path("gateway").path("connections").asInt() == 0);
    expect("whether all are gone that were broken off", 1, gone ? 1 : 0);
    resident("afterwards", server);
  }

  /** Statements that are long, from many at once: each answer is kept with its text. */
  private void longTexts(ServerProcess server) throws InterruptedException {
    String text = "SELECT 1 -- " + "-".repeat(1 << 20);
    int each = size.megabytes() / TALKERS / 2;
    List<Callable<Integer>> sessions = new ArrayList<>();
    for (int i = 0; i < TALKERS; i++) {
      sessions.add(() -> {
        try (Connection connection = server.product().branch(BRANCH).connect()) {
          for (int said = 0; said < each; said++) {
            Sql.texts(connection, text);
          }
        }
        return each;
      });
    }
    long began = System.nanoTime();
    int asked = 0;
    try (ExecutorService callers = Executors.newFixedThreadPool(TALKERS)) {
      for (Future<Integer> done : callers.invokeAll(sessions)) {
        asked += done.get();
      }
    } catch (ExecutionException e) {
      findings.add("a session with long texts failed: " + e.getCause());
    }
    told("long texts", began);
    expect("long texts that are answered", (long) each * TALKERS, asked);
    resident("after long texts", server);
  }

  private static String branchOf(int connection) {
    return "sizes-" + connection / CONNECTIONS_PER_BRANCH;
  }

  /** Without a word to the other side, which would have to be read to the end first. */
  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      throw new IllegalStateException("breaking a connection off", e);
    }
  }

  /** What the server's process has in memory, code and stacks and all. */
  private void resident(String when, ServerProcess server) {
    try {
      Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
          .forEach(line -> out.println(when + ": " + line.replaceAll("\\s+", " ")));
    } catch (IOException e) {
      out.println(when + ": the system does not say what the server has in memory");
    }
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
