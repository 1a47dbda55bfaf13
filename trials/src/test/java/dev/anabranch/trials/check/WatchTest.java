package dev.anabranch.trials.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Poll;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.EventStream;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.Sql;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who watches a branch is told what flips, as main and the branch move, and when it ends. */
@Tag("postgres")
final class WatchTest {

  private static final String BRANCH = "watched";
  private static final String OTHER = "watched-too";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Product product = LiveServer.shared().product();

  @BeforeEach
  void table() throws SQLException {
    onMain("CREATE TABLE watched (id int PRIMARY KEY, n int, note text, due timestamptz)");
    onMain("INSERT INTO watched SELECT i, 5, 'Grüße → hier' FROM generate_series(1, 3) i");
    create(BRANCH);
  }

  @AfterEach
  void remove() throws SQLException {
    for (JsonNode branch : product.branches()) {
      String name = branch.get("name").asString();
      if (name.equals(BRANCH) || name.equals(OTHER)) {
        product.delete(name);
      }
    }
    onMain("DROP TABLE watched");
  }

  @Test
  void everyListenerIsToldWhatFlipsAndTheEnd() throws Exception {
    ask("SELECT n, note FROM watched WHERE id = 1", "SELECT count(*) FROM watched");
    try (EventStream first = new EventStream(product, BRANCH);
        EventStream second = new EventStream(product, BRANCH)) {
      JsonNode check = product.check(BRANCH);
      EventStream.State all = first.nextState();
      assertThat(all.answers()).containsExactlyElementsOf(check.get("answers"));
      assertThat(all.asOf().get("counts")).isEqualTo(check.get("counts"));
      assertThat(second.nextState().answers()).isEqualTo(all.answers());
      long id = all.answers().getFirst().get("id").asLong();

      onMain("UPDATE watched SET n = 0 WHERE id = 1");
      assertThat(flip(first, id, "changed").get("now").toString())
          .isEqualTo("[[\"0\",\"Grüße → hier\"]]");
      flip(second, id, "changed");
      onMain("UPDATE watched SET n = 5 WHERE id = 1");
      flip(first, id, "holds");

      ask("SELECT max(id) FROM watched");
      assertThat(first.nextState().answers())
          .extracting(answer -> answer.get("sql").asString())
          .containsExactly("SELECT max(id) FROM watched");

      product.delete(BRANCH);
      EventStream.Event last = first.next();
      while (last.name().equals("asOf")) {
        last = first.next();
      }
      assertThat(last.name()).isEqualTo("end");
      assertThat(last.data().get("reason").asString()).isEqualTo("the branch was deleted");
      assertThat(first.isOver()).isTrue();
    }
    assertThat(Poll.until(PATIENCE, () -> product.gauge("anabranch_watch_listeners") == 0))
        .isTrue();
    assertThat(product.gauge("anabranch_watch_branches")).isZero();
  }

  @Test
  void aListenerThatHasGoneIsForgotten() throws Exception {
    ask("SELECT count(*) FROM watched");
    try (EventStream stream = new EventStream(product, BRANCH)) {
      stream.nextState();
      assertThat(product.gauge("anabranch_watch_listeners")).isEqualTo(1);
    }
    assertThat(Poll.until(PATIENCE, () -> product.gauge("anabranch_watch_listeners") == 0))
        .isTrue();
  }

  @Test
  void aBranchThatWasPutToSleepIsNotWokenByEachChange() throws Exception {
    ask("SELECT count(*) FROM watched");
    create(OTHER);
    try (Connection other = product.branch(OTHER).connect()) {
      Sql.ask(other, "SELECT count(*) FROM watched");
    }
    try (EventStream sleeping = new EventStream(product, BRANCH);
        EventStream awake = new EventStream(product, OTHER)) {
      sleeping.nextState();
      long id = awake.nextState().answers().getFirst().get("id").asLong();
      assertThat(Poll.until(PATIENCE, () -> isSuspended() || suspended())).isTrue();
      onMain("INSERT INTO watched VALUES (4, 4, '')");
      flip(awake, id, "changed");
      onMain("DELETE FROM watched WHERE id = 4");
      flip(awake, id, "holds");
      assertThat(isSuspended()).isTrue();
    }
  }

  /** A check that is under way keeps it awake for a moment. */
  private boolean suspended() {
    try {
      product.suspend(BRANCH);
    } catch (Product.Refused e) {
      return false;
    }
    return isSuspended();
  }

  private boolean isSuspended() {
    for (JsonNode branch : product.branches()) {
      if (branch.get("name").asString().equals(BRANCH)) {
        return branch.get("state").asString().equals("suspended");
      }
    }
    return false;
  }

  @Test
  void theCommandPrintsEachFlipAndEndsWithTheLastState() throws Exception {
    ask("SELECT n, note FROM watched WHERE id = 1");
    Process command = command("check", BRANCH, "--watch", "--format", "json");
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8))) {
      JsonNode check = JSON.readTree(lines.readLine());
      assertThat(check.get("counts").get("holds").asInt()).isEqualTo(1);
      assertThat(Poll.until(PATIENCE, () -> product.gauge("anabranch_watch_listeners") == 1))
          .isTrue();
      onMain("UPDATE watched SET n = 7 WHERE id = 1");
      JsonNode flip = JSON.readTree(lines.readLine());
      assertThat(flip.get("before").asString()).isEqualTo("holds");
      assertThat(flip.get("verdict").asString()).isEqualTo("changed");
      assertThat(flip.get("now").toString()).isEqualTo("[[\"7\",\"Grüße → hier\"]]");
      assertThat(flip.get("asOf").asString()).contains("/");
      command.destroy(); // as Ctrl-C does, which is ignored by what a shell runs in the background
      assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(command.exitValue()).isEqualTo(3);
    } finally {
      command.destroyForcibly();
    }
  }

  @Test
  void anAnswerThatTurnsByItselfIsTold() throws Exception {
    onMain("UPDATE watched SET due = '2099-01-01' WHERE id = 1");
    create(OTHER);
    try (Connection other = product.branch(OTHER).connect()) {
      Sql.ask(other, "SELECT count(*) FROM watched WHERE due > now()");
    }
    Process command = command("check", OTHER, "--watch", "--format", "json");
    try (EventStream stream = new EventStream(product, OTHER);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(command.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(JSON.readTree(lines.readLine()).get("counts").get("holds").asInt()).isEqualTo(1);
      assertThat(Poll.until(PATIENCE, () -> product.gauge("anabranch_watch_listeners") == 2))
          .isTrue();
      long id = stream.nextState().answers().getFirst().get("id").asLong();

      onMain("UPDATE watched SET due = now() + interval '3 seconds' WHERE id = 1");
      JsonNode turned = flip(stream, id, "changed");
      assertThat(turned.get("now").toString()).isEqualTo("[[\"0\"]]");
      assertThat(turned.has("nextFlip")).as("nothing is due any more").isFalse();
      JsonNode printed = JSON.readTree(lines.readLine());
      assertThat(printed.get("before").asString()).isEqualTo("holds");
      assertThat(printed.get("verdict").asString()).isEqualTo("changed");
    } finally {
      command.destroyForcibly();
    }
  }

  private Process command(String... words) throws Exception {
    var all = new java.util.ArrayList<String>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(
        java.util.List.of(
            "-Dstdout.encoding=UTF-8",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.anabranch.cli.Cli"));
    all.addAll(java.util.List.of(words));
    ProcessBuilder builder = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("ANABRANCH_URL", product.address().toString());
    product.token().ifPresent(token -> builder.environment().put("ANABRANCH_TOKEN", token));
    return builder.start();
  }

  /** Waits until an answer gets a verdict. */
  private static JsonNode flip(EventStream stream, long id, String verdict) {
    while (true) {
      for (JsonNode answer : stream.nextState().answers()) {
        if (answer.get("id").asLong() == id && answer.get("verdict").asString().equals(verdict)) {
          return answer;
        }
      }
    }
  }

  private void create(String name) {
    product.create(name, Product.Wish.now().thrownAway());
  }

  private void ask(String... questions) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (String question : questions) {
        Sql.ask(branch, question);
      }
    }
  }

  private void onMain(String sql) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, sql);
    }
  }
}
