package dev.anabranch.trials.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Debris;
import dev.anabranch.trials.drive.Product;
import dev.anabranch.trials.drive.ServerProcess;
import dev.anabranch.trials.drive.Sql;
import dev.anabranch.trials.drive.Verdicts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The server is killed at moments that are spread over a sync, before the image, while units are
 * done again, about the succession and after it: then the branch is the old one with all of its
 * work, or the next one with all of it.
 */
@Tag("postgres")
final class KillDuringSyncTest {

  private static final int UNITS = 40;
  private static final int KILLS = Integer.getInteger("anabranch.kills", 7);
  private static final String BRANCH = "lasting";

  /** A server that has just started takes so many times as long. */
  private static final int COLD = 3;

  @Test
  void theBranchIsTheOldOneOrTheNextOneWithAllItsWork() throws Exception {
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-sync-kills-");
    Path data = home.resolve("data");
    Files.createDirectories(data);
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        data.resolve("anabranch.properties"), "pool-hot = 0\npool-cold = 0\nhistory = 0\n");
    try (ServerProcess server = ServerProcess.start(data)) {
      Product product = server.product();
      main(server, "CREATE TABLE shelf (id int PRIMARY KEY, n int)");
      main(server, "INSERT INTO shelf SELECT i, 0 FROM generate_series(0, " + UNITS + ") i");
      product.create(BRANCH, Product.Wish.now());
      work(product);
      Duration whole = timed(product);
      Set<String> forks = new HashSet<>(Set.of(fork(product)));
      for (int kill = 0; kill < KILLS; kill++) {
        main(server, "UPDATE shelf SET n = n - 1 WHERE id = 0");
        String before = fork(product);
        CompletableFuture<JsonNode> sync =
            CompletableFuture.supplyAsync(() -> product.sync(BRANCH));
        Thread.sleep(whole.toMillis() * COLD * (kill + 1) / KILLS);
        server.kill();
        boolean told = sync.handle((done, failed) -> failed == null).join();
        server.startAgain();

        String after = fork(product);
        assertThat(told && after.equals(before)).as("an acknowledged sync is undone").isFalse();
        forks.add(after);
        assertWhole(product);
        assertThat(new Debris(server, product.main()).found()).isEmpty();
      }
      assertThat(product.sync(BRANCH).get("outcome").asString()).isEqualTo("synced");
      assertThat(product.promote(BRANCH, false, java.util.List.of()).get("outcome").asString())
          .isEqualTo("landed");
      try (Connection main = product.main().connect()) {
        assertThat(Sql.ask(main, "SELECT sum(n) FROM shelf WHERE id > 0").inWords())
            .isEqualTo(Integer.toString(UNITS * (UNITS + 1) / 2));
      }
      System.out.println(forks.size() + " fork points in " + KILLS + " kills over " + whole);
    }
    Trees.delete(home);
  }

  private static void main(ServerProcess server, String sql) throws SQLException {
    try (Connection main = server.product().main().connect()) {
      Sql.run(main, sql);
    }
  }

  private static void work(Product product) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      for (int i = 1; i <= UNITS; i++) {
        Sql.ask(branch, "/* a" + i + " */ SELECT n FROM shelf WHERE id = " + i);
        Sql.run(branch, "UPDATE shelf SET n = " + i + " WHERE id = " + i);
      }
    }
  }

  private static Duration timed(Product product) throws SQLException {
    try (Connection main = product.main().connect()) {
      Sql.run(main, "UPDATE shelf SET n = n - 1 WHERE id = 0");
    }
    long began = System.nanoTime();
    assertThat(product.sync(BRANCH).get("outcome").asString()).isEqualTo("synced");
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static String fork(Product product) {
    for (JsonNode branch : product.branches()) {
      if (branch.get("name").asString().equals(BRANCH)) {
        return branch.get("forkLsn").asString();
      }
    }
    throw new AssertionError("the branch is gone");
  }

  private static void assertWhole(Product product) throws SQLException {
    try (Connection branch = product.branch(BRANCH).connect()) {
      Sql.run(branch, "SET anabranch.capture = off");
      assertThat(Sql.ask(branch, "SELECT sum(n), count(*) FROM shelf WHERE id > 0").inWords())
          .isEqualTo(UNITS * (UNITS + 1) / 2 + ", " + UNITS);
    }
    Verdicts verdicts = Verdicts.of(product.check(BRANCH));
    for (int i = 1; i <= UNITS; i++) {
      assertThat(verdicts.labelled("a" + i))
          .as("answer a%d", i)
          .hasSize(1)
          .allMatch(answer -> answer.verdict().equals("holds"));
    }
  }
}
