package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.branch.golden.GoldenSurvey;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Main on an older release, reached as one on another host is: with {@code pg_basebackup} and a
 * password.
 */
@Tag("postgres")
class OlderMainTest {

  @Test
  void aMainOnAnOlderReleaseIsBranchedThroughItsOwnBaseBackup() throws Exception {
    Optional<TemporaryPostgres> started = TemporaryPostgres.start(TemporaryPostgres.OTHER_MAJOR);
    assumeTrue(started.isPresent(), "NOT RUN: that Postgres is not installed on this machine");
    try (TemporaryPostgres main = started.get()) {
      main.execute(
          "CREATE ROLE keeper LOGIN REPLICATION PASSWORD 'it''s'",
          "CREATE DATABASE shop OWNER keeper");
      main.executeIn(
          "shop",
          "SET ROLE keeper",
          "CREATE TABLE orders (id int PRIMARY KEY, total int)",
          "INSERT INTO orders VALUES (1, 47)");
      // keeper may not read where main's files lie, so they are not copied behind Postgres's back
      String url = "postgresql://keeper:it%27s@127.0.0.1:" + main.port() + "/shop";
      try (Workshop workshop =
          new Workshop(
                  url,
                  TemporaryPostgres.temporaryDirectory("anabranch-branch-"),
                  GoldenSurvey.none())
              .start()) {
        main.executeIn("shop", "UPDATE orders SET total = 48");
        workshop.create("alice");
        assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("48");
        assertThat(workshop.ask("alice", "SHOW server_version_num"))
            .first()
            .asString()
            .startsWith(String.valueOf(TemporaryPostgres.OTHER_MAJOR));
        workshop.ask("alice", "CREATE TABLE more (x int)");
        workshop.ask("alice", "UPDATE orders SET total = 49");
        assertThat(main.query("shop", "SELECT total FROM orders")).containsExactly("48");
      }
    }
  }
}
