package dev.anabranch.trials.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A stack of each language; {@link StacksRun} tries them all. */
@Tag("postgres")
class StacksTest {

  private static final Path HOME = TemporaryPostgres.temporaryDirectory("anabranch-stacks-");
  private static final ServerProcess SERVER = ServerProcess.start(HOME.resolve("data"));
  private static final StackTrial TRIAL = new StackTrial(SERVER.product(), HOME);

  @BeforeAll
  static void prepare() throws IOException, SQLException {
    TRIAL.prepare();
  }

  @AfterAll
  static void end() throws IOException {
    SERVER.close();
    Trees.delete(HOME);
  }

  @Test
  void hibernateLands() {
    assertThat(judged("hibernate")).isEmpty();
  }

  @Test
  void nodePostgresAndAQueueAndTenantsLand() throws IOException {
    String npm = TRIAL.install();
    if (!npm.isEmpty()) {
      abort("NOT RUN: node's stacks are not tried, because npm can't install them: " + npm);
    }
    for (String stack : List.of("pg", "queue", "tenants")) {
      assertThat(judged(stack)).as(stack).isEmpty();
    }
  }

  @Test
  void djangoAndAsyncpgLand() throws IOException, InterruptedException {
    requirePackages("/usr/bin/python3", "-c", "import django, psycopg2, asyncpg");
    assertThat(judged("django")).isEmpty();
    assertThat(judged("asyncpg")).isEmpty();
  }

  @Test
  void activeRecordLands() throws IOException, InterruptedException {
    requirePackages("ruby", "-e", "require 'active_record'; require 'pg'");
    assertThat(judged("activerecord")).isEmpty();
  }

  @Test
  void everyStackHasAName() {
    assertThat(Set.copyOf(Stack.ALL.stream().map(Stack::name).toList())).hasSize(Stack.ALL.size());
  }

  private static List<String> judged(String name) {
    Stack wanted =
        Stack.ALL.stream().filter(stack -> stack.name().equals(name)).findFirst().orElseThrow();
    return TRIAL.judge(wanted).findings();
  }

  private static void requirePackages(String... probe) throws InterruptedException {
    try {
      if (new ProcessBuilder(probe).start().waitFor() == 0) {
        return;
      }
    } catch (IOException e) {
      abort("NOT RUN: there is no " + probe[0]);
    }
    abort("NOT RUN: a stack is not tried, because its packages are not installed: " + probe[2]);
  }
}
