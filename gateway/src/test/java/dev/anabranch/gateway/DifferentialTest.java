package dev.anabranch.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.gateway.WireClient.Message;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Parameter;
import dev.anabranch.ledger.RowDigest;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same bytes from a client get the same bytes back, whether it talks to a Postgres or to the
 * gateway before it; and every row that came back is in the ledger once.
 *
 * <p>{@code -Danabranch.wire.seed=N} begins at another seed, {@code -Danabranch.wire.scripts=N}
 * plays more.
 */
@Tag("postgres")
class DifferentialTest {

  private static final long FIRST_SEED = Long.getLong("anabranch.wire.seed", 1);
  private static final int SCRIPTS = Integer.getInteger("anabranch.wire.scripts", 60);

  /** How long silence must last for a reply to be taken as whole. */
  private static final long QUIET_MILLIS = 30;

  private static final Pattern MARK = Pattern.compile("q(\\d+_\\d+)");

  @Test
  void theSameBytesComeBackAndEveryRowIsInTheLedgerOnce() throws Exception {
    try (GatewayUnderTest gateway = new GatewayUnderTest(WireScript.SCHEMA)) {
      String twin = gateway.twin();
      long ownOids = gateway.nextOid();
      Map<String, Long> rowsReceived = new TreeMap<>();
      long callsAnswered = 0;
      for (long seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
        WireScript script = WireScript.of(seed);
        boolean inStep = seed % 3 == 0;
        Replies direct;
        try (WireClient client = gateway.directWire(twin)) {
          direct = play(script, client, inStep ? List.of() : null);
        }
        Replies through;
        try (WireClient client = new WireClient(gateway.port())) {
          client.login();
          through = play(script, client, inStep ? direct.afterPart() : null);
        }
        assertThat(masked(through, ownOids))
            .as(() -> "script " + script.story())
            .isEqualTo(masked(direct, ownOids));
        direct.messages().forEach(message -> count(message, rowsReceived));
        callsAnswered += direct.messages().stream().filter(m -> m.type() == 'V').count();
      }
      List<Answer> answers = gateway.answers();
      assertSame(rowsReceived, rowsKept(answers), rowsWithoutMark(answers));
      assertThat(answers.stream().filter(a -> a.commandTag().equals("FUNCTION CALL")))
          .hasSize((int) callsAnswered);
      try (WireClient client = gateway.directWire(twin)) {
        assertThat(askedAgainWithTheSameDigest(client, answers)).isGreaterThan(SCRIPTS / 2);
      }
    }
  }

  /**
   * What came back.
   *
   * @param messages all of it, in order
   * @param afterPart how many messages had come once each part had been sent and answered
   */
  private record Replies(List<Message> messages, List<Integer> afterPart) {}

  /**
   * @param inStep null to send all at once; else to wait after each part, until as many messages
   *     have come as are listed, or for silence when none are
   */
  private static Replies play(WireScript script, WireClient client, @Nullable List<Integer> inStep)
      throws Exception {
    BlockingQueue<Message> arriving = new LinkedBlockingQueue<>();
    Message end = new Message('\0', "end");
    Thread reader = Thread.ofVirtual().start(() -> readAll(client, arriving, end));
    List<Message> messages = new ArrayList<>();
    List<Integer> afterPart = new ArrayList<>();
    try {
      for (int i = 0; i < script.parts().size(); i++) {
        client.write(script.parts().get(i));
        if (inStep != null) {
          await(
              arriving,
              messages,
              inStep.isEmpty() ? -1 : inStep.get(Math.min(i, inStep.size() - 1)));
          afterPart.add(messages.size());
        }
      }
      client.finish();
    } catch (SocketException e) {
      // The other side has had enough; what it said is what counts.
    }
    reader.join(30_000);
    arriving.drainTo(messages);
    assertThat(messages.remove(end)).as("the end came; so far: " + messages).isTrue();
    return new Replies(messages, afterPart);
  }

  private static void await(BlockingQueue<Message> arriving, List<Message> messages, int count)
      throws InterruptedException {
    while (count < 0 || messages.size() < count) {
      Message next = arriving.poll(count < 0 ? QUIET_MILLIS : 10_000, TimeUnit.MILLISECONDS);
      if (next == null) {
        return;
      }
      messages.add(next);
    }
  }

  private static void readAll(WireClient client, BlockingQueue<Message> arriving, Message end) {
    try {
      while (true) {
        arriving.add(client.read());
      }
    } catch (EOFException | SocketException e) {
      arriving.add(end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Message> masked(Replies replies, long ownOids) {
    return replies.messages().stream().map(m -> m.masked(ownOids)).toList();
  }

  private static void count(Message message, Map<String, Long> rows) {
    if (message.type() == 'D' || message.type() == 'd') {
      Matcher mark = MARK.matcher(message.text());
      if (mark.find()) {
        rows.merge(mark.group(1), 1L, Long::sum);
      }
    }
  }

  private static Map<String, Long> rowsKept(List<Answer> answers) {
    Map<String, Long> rows = new TreeMap<>();
    for (Answer answer : answers) {
      Matcher mark = MARK.matcher(answer.question().sql());
      List<List<@Nullable String>> texts = answer.result().rows().orElse(List.of());
      if (!texts.isEmpty()) {
        for (List<@Nullable String> row : texts) {
          Matcher own = MARK.matcher(String.valueOf(row.getFirst()));
          if (own.find()) {
            rows.merge(own.group(1), 1L, Long::sum);
          }
        }
      } else if (answer.result().rowCount() > 0 && mark.find()) {
        rows.merge(mark.group(1), answer.result().rowCount(), Long::sum);
      }
    }
    return rows;
  }

  /**
   * Rows that a client fetched by the name of a cursor or a statement, and never had described:
   * they are counted, and neither they nor the question show their mark.
   */
  private static long rowsWithoutMark(List<Answer> answers) {
    return answers.stream()
        .filter(answer -> answer.result().rows().isEmpty())
        .filter(answer -> answer.question().sql().matches("(FETCH|EXECUTE) .*"))
        .mapToLong(answer -> answer.result().rowCount())
        .sum();
  }

  private static void assertSame(
      Map<String, Long> received, Map<String, Long> kept, long withoutMark) {
    Set<String> marks = new TreeSet<>(received.keySet());
    marks.addAll(kept.keySet());
    List<String> differing = new ArrayList<>();
    long missing = 0;
    for (String mark : marks) {
      long more = received.getOrDefault(mark, 0L) - kept.getOrDefault(mark, 0L);
      if (more != 0) {
        missing = more < 0 ? Long.MAX_VALUE : Math.addExact(missing, more);
        String seed = mark.substring(0, mark.indexOf('_'));
        differing.add(
            "%d rows of q%s are not in the ledger; %s"
                .formatted(more, mark, WireScript.of(Long.parseLong(seed)).story()));
      }
    }
    assertThat(missing).as(() -> String.join("\n", differing)).isEqualTo(withoutMark);
  }

  private static int askedAgainWithTheSameDigest(WireClient client, List<Answer> answers)
      throws IOException {
    int asked = 0;
    for (Answer answer : answers) {
      String sql = answer.question().sql();
      boolean fixed =
          sql.startsWith("SELECT") && (sql.contains("FROM fixed") || sql.contains("series"));
      boolean legible = answer.question().parameters().stream().allMatch(p -> p.text().isPresent());
      if (fixed && legible && answer.result().comparable() && answer.result().complete()) {
        RowDigest again = again(client, answer);
        assertThat(answer.result().orderedDigest()).as(sql).isEqualTo(again.ordered());
        assertThat(answer.result().bagDigest()).as(sql).isEqualTo(again.bag());
        asked++;
      }
    }
    return asked;
  }

  private static RowDigest again(WireClient client, Answer answer) throws IOException {
    ask(client, "RESET ALL");
    for (Map.Entry<String, String> setting : answer.question().settings().entrySet()) {
      ask(
          client,
          "SELECT set_config('%s', '%s', false)".formatted(setting.getKey(), setting.getValue()));
    }
    String sql = answer.question().sql();
    for (Parameter parameter : answer.question().parameters()) {
      sql = sql.replace("$1", "'" + parameter.text().orElseThrow() + "'");
    }
    RowDigest.Builder digest = RowDigest.builder();
    ask(client, sql).stream()
        .filter(message -> message.type() == 'D')
        .forEach(row -> digest.add(answer.result().columns(), row.cells()));
    return digest.build();
  }

  private static List<Message> ask(WireClient client, String sql) throws IOException {
    client.send('Q', WireClient.cString(sql));
    List<Message> reply = client.readUntil('Z');
    assertThat(reply).as(sql).noneMatch(message -> message.type() == 'E');
    return reply;
  }
}
