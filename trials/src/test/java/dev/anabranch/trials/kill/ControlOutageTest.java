package dev.anabranch.trials.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Poll;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The control database dies while eight clients ask: they go on until what waits for it is too
 * much, wait themselves, and go on when it is back. What they were told is in the ledger, once.
 */
@Tag("postgres")
class ControlOutageTest {

  private static final int CLIENTS = 8;
  private static final int ASKED_BEFORE = 200;
  private static final int ASKED_AFTER = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Nobody who can go on is silent for so long. */
  private static final long SILENCE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Books books = new Books();
  private final AtomicBoolean over = new AtomicBoolean();
  private long seen;
  private long seenNanos;

  @Test
  void clientsWaitForTheControlDatabaseAndNothingTheyWereToldIsMissing() throws Exception {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-outage-");
    Path data = Files.createDirectories(home.resolve("data"));
    try (TemporaryPostgres control = TemporaryPostgres.start()) {
      Files.writeString(
          data.resolve("anabranch.properties"),
          "pool-hot = 0\npool-cold = 0\nhistory = 0\ncontrol-url = postgresql://postgres@127.0.0.1:"
              + control.port()
              + "/postgres\n");
      try (ServerProcess server = ServerProcess.start(data);
          ExecutorService clients = Executors.newCachedThreadPool()) {
        Bank.open(server.product().main());
        Address branch = server.product().create("outage", Product.Wish.now());
        List<Future<?>> working = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int client = i;
          working.add(clients.submit(() -> ask(branch, client)));
        }
        await(() -> received() > ASKED_BEFORE);
        long pid = control.cluster().pid().orElseThrow();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        await(this::isSilent);
        control.cluster().start(PATIENCE);
        long before = received();
        await(() -> received() > before + ASKED_AFTER);
        over.set(true);
        for (Future<?> client : working) {
          client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(kept(server.product().answers("outage")))
            .containsExactlyInAnyOrderElementsOf(
                books.answers().stream().map(Books.AnswerReceived::sql).toList());
        assertThat(server.product().branch("outage").texts("SELECT count(*) FROM accounts"))
            .containsExactly(Integer.toString(Bank.ACCOUNTS));
      }
    }
    Trees.delete(home);
  }

  private Void ask(Address branch, int client) throws Exception {
    try (Connection connection = branch.connect()) {
      for (int i = 0; !over.get(); i++) {
        String sql = Bank.question(1 + i % Bank.ACCOUNTS, client + "#" + i);
        books.received(sql, Sql.texts(connection, sql).getFirst());
      }
    }
    return null;
  }

  private long received() {
    return books.answers().size();
  }

  private boolean isSilent() {
    long now = received();
    if (now != seen) {
      seen = now;
      seenNanos = System.nanoTime();
    }
    return System.nanoTime() - seenNanos > SILENCE_NANOS;
  }

  private static void await(BooleanSupplier condition) {
    assertThat(Poll.until(PATIENCE, condition)).isTrue();
  }

  private static List<String> kept(JsonNode answers) {
    List<String> texts = new ArrayList<>();
    answers.forEach(answer -> texts.add(answer.path("sql").asString()));
    return texts;
  }
}
