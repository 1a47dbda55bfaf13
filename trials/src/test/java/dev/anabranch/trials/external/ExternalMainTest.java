package dev.anabranch.trials.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Installation;
import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Address;
import dev.anabranch.trials.drive.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code up --main} against servers that Anabranch did not make: an older release, and settings
 * larger than its own.
 */
@Tag("postgres")
class ExternalMainTest {

  private static final Map<String, String> BUSY_SERVER =
      Map.of(
          "max_connections",
          "150",
          "max_prepared_transactions",
          "7",
          "max_locks_per_transaction",
          "128");

  @Test
  void aMainThatSomebodyElseStartedGoesAllTheWay() throws Exception {
    travel(TemporaryPostgres.installations().embedded());
  }

  @Test
  void anOlderMainGoesAllTheWay() throws Exception {
    Optional<Installation> older = TemporaryPostgres.installed(TemporaryPostgres.OTHER_MAJOR);
    assumeTrue(older.isPresent(), "NOT RUN: that Postgres is not installed on this machine");
    travel(older.get());
  }

  private static void travel(Installation installation) throws Exception {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-external-");
    try (TemporaryPostgres main = TemporaryPostgres.start(installation, BUSY_SERVER)) {
      main.execute("CREATE ROLE boss SUPERUSER LOGIN PASSWORD 'p@ss word'", "CREATE DATABASE shop");
      String url = "postgresql://boss:p%40ss%20word@127.0.0.1:" + main.port() + "/shop";
      try (ServerProcess server =
          ServerProcess.start(home.resolve("data"), Optional.of(url), List.of())) {
        assertThat(new Journey(server.product(), Address.parse(url), "journey").travel()).isEmpty();
        server.stop();
      }
      assertThat(main.query("postgres", "SELECT 'alive'")).containsExactly("alive");
    }
    Trees.delete(home);
  }
}
