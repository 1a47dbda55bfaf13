package dev.anabranch.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class TemporaryPostgresTests {

  @Test
  void answersOverTcpAndOverItsSocketAndLeavesNothingBehind() throws Exception {
    Path data;
    long pid;
    try (TemporaryPostgres postgres = TemporaryPostgres.start()) {
      data = postgres.cluster().spec().data();
      pid = postgres.cluster().pid().orElseThrow();
      assertThat(postgres.query("postgres", "SHOW server_version_num"))
          .singleElement()
          .asString()
          .startsWith("18");
      try (Connection connection = postgres.cluster().connect("postgres", "postgres")) {
        assertThat(connection.isValid(1)).isTrue();
      }
    }
    assertThat(Files.exists(data.getParent())).isFalse();
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
  }

  @Test
  void startsAgainAtOnceAlthoughASessionOfTheDeadPostmasterStillComputes() throws Exception {
    try (TemporaryPostgres postgres = TemporaryPostgres.start();
        ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> computing =
          client.submit(
              () -> postgres.execute("SELECT count(*) FROM generate_series(1, 1000000000)"));
      Await.until(
          () ->
              postgres
                  .query(
                      "postgres",
                      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%series(1, 1000000000)'")
                  .contains("1"),
          Duration.ofSeconds(20));
      ProcessHandle postmaster =
          ProcessHandle.of(postgres.cluster().pid().orElseThrow()).orElseThrow();
      postmaster.destroyForcibly();
      postmaster.onExit().get(20, TimeUnit.SECONDS);
      postgres.cluster().start(Duration.ofMinutes(1));
      assertThat(postgres.query("postgres", "SELECT 'again'")).containsExactly("again");
      assertThatThrownBy(computing::get).isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void startsAnotherInstalledRelease() {
    Optional<TemporaryPostgres> older = TemporaryPostgres.start(TemporaryPostgres.OTHER_MAJOR);
    assumeTrue(older.isPresent(), "NOT RUN: that Postgres is not installed on this machine");
    try (TemporaryPostgres postgres = older.get()) {
      assertThat(postgres.query("postgres", "SHOW server_version_num"))
          .singleElement()
          .asString()
          .startsWith(String.valueOf(TemporaryPostgres.OTHER_MAJOR));
    }
  }

  @Test
  void givesEachTestAControlDatabaseOfItsOwn() throws Exception {
    try (HikariDataSource one = ControlDatabase.fresh(TemporaryPostgres.shared());
        HikariDataSource other = ControlDatabase.fresh(TemporaryPostgres.shared());
        Connection first = one.getConnection();
        Connection second = other.getConnection()) {
      assertThat(first.getCatalog()).isNotEqualTo(second.getCatalog());
    }
  }
}
