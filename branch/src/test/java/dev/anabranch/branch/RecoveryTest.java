package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchName;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a crash of anything, a new process finds every branch again and nothing that is none. */
@Tag("postgres")
class RecoveryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TemporaryPostgres main;
  private Workshop workshop;

  @BeforeEach
  void start() {
    main = TemporaryPostgres.start();
    main.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, total int)", "INSERT INTO orders VALUES (1, 1)");
    workshop = new Workshop(main, "postgres").start();
  }

  @AfterEach
  void stop() {
    workshop.close();
    main.close();
  }

  private static void kill(long pid) {
    Program.run(List.of("sh", "-c", "kill -9 " + pid));
    Await.until(() -> !Files.exists(Path.of("/proc/" + pid + "/cwd")), PATIENCE);
  }

  private long postmaster(Path data) throws IOException {
    return Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
  }

  private Path directory(Branch branch) {
    return workshop.home.branches().resolve(branch.id().toString());
  }

  @Test
  void aBranchWhosePostgresWasKilledIsWokenWithEveryCommittedWrite() throws Exception {
    Branch branch = workshop.create("alice");
    workshop.ask("alice", "UPDATE orders SET total = 2");
    kill(postmaster(directory(branch).resolve("data")));
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("2");
  }

  @Test
  void aNewProcessFindsBranchesRunningAndStoppedAndTheMirror() throws Exception {
    Branch running = workshop.create("running");
    workshop.create("stopped");
    workshop.branches.suspend(new BranchName("stopped"), ignored -> {});
    long postmaster = postmaster(directory(running).resolve("data"));
    long mirror = workshop.mirror.pid().orElseThrow();
    workshop.wire();
    workshop.start();
    assertThat(workshop.ask("running", "SELECT total FROM orders")).containsExactly("1");
    assertThat(workshop.ask("stopped", "SELECT total FROM orders")).containsExactly("1");
    assertThat(postmaster(directory(running).resolve("data"))).isEqualTo(postmaster);
    assertThat(workshop.mirror.pid()).contains(mirror);
  }

  @Test
  void whatWasHalfMadeIsRemovedWithItsProcessAndItsNameIsFree() throws Exception {
    Branch half = workshop.create("half");
    Branch half2 = workshop.create("leaving");
    long postmaster = postmaster(directory(half).resolve("data"));
    control("UPDATE branches SET state = 'CREATING' WHERE name = 'half'");
    control("UPDATE branches SET state = 'DELETING' WHERE name = 'leaving'");
    Files.createDirectories(workshop.home.branches().resolve("4711").resolve("data"));
    Files.createDirectories(workshop.home.golden().resolve("4711").resolve("data"));
    Files.createDirectories(workshop.home.scratch().resolve("4711").resolve("data"));
    control(
        "INSERT INTO golden_images (state, major, database, main_settings) VALUES ('CUTTING', 18,"
            + " 'x', '{}')");
    workshop.wire();
    workshop.start();
    assertThat(ProcessHandle.of(postmaster).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(directory(half)).doesNotExist();
    assertThat(directory(half2)).doesNotExist();
    assertThat(children(workshop.home.branches())).isEmpty();
    assertThat(children(workshop.home.scratch())).isEmpty();
    assertThat(children(workshop.home.golden())).hasSize(1);
    assertThat(workshop.branches.list()).isEmpty();
    workshop.create("half");
    assertThat(workshop.ask("half", "SELECT total FROM orders")).containsExactly("1");
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.toList();
    }
  }

  private void control(String sql) throws SQLException {
    try (Connection connection = workshop.control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aKilledMirrorGoesOnWhereItWas() {
    kill(workshop.mirror.pid().orElseThrow());
    main.execute("UPDATE orders SET total = 3");
    workshop.create("after");
    assertThat(main.query("postgres", "SELECT slot_name FROM pg_replication_slots WHERE active"))
        .hasSize(1);
  }

  @Test
  void aMirrorThatMainHasForgottenIsBuiltAnewAndOldBranchesGoOn() throws Exception {
    workshop.create("old");
    workshop.mirror.stop();
    main.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots",
        "UPDATE orders SET total = 9");
    workshop.wire();
    workshop.start();
    workshop.create("young");
    assertThat(workshop.ask("old", "SELECT total FROM orders")).containsExactly("1");
    assertThat(workshop.ask("young", "SELECT total FROM orders")).containsExactly("9");
  }

  @Test
  void aMirrorWhoseFilesAreBrokenIsBuiltAnew() throws Exception {
    workshop.mirror.stop();
    Files.write(
        workshop.home.mirror().resolve("data").resolve("global").resolve("pg_control"),
        new byte[8192]);
    workshop.wire();
    workshop.start();
    workshop.create("after");
    assertThat(workshop.ask("after", "SELECT total FROM orders")).containsExactly("1");
  }

  @Test
  void aMainWhoseLimitsHaveGrownIsFollowedStill() throws Exception {
    main.execute("ALTER SYSTEM SET max_locks_per_transaction = 128");
    main.cluster().stop(StopMode.FAST);
    main.cluster().start(PATIENCE);
    main.execute("UPDATE orders SET total = 5");
    workshop.create("after");
    assertThat(workshop.ask("after", "SELECT total FROM orders")).containsExactly("5");
    assertThat(workshop.ask("after", "SHOW max_locks_per_transaction")).containsExactly("128");
  }

  @Test
  void theMirrorKeepsUpAndPinsNoLogOnMain() {
    main.execute("INSERT INTO orders SELECT g, g FROM generate_series(2, 5000) g");
    Await.until(
        () -> workshop.mirror.status().lagBytes() == 0 && workshop.mirror.status().streaming(),
        PATIENCE);
  }

  @Test
  void nothingIsLeftOnMainWhenTheMirrorIsTornDown() {
    workshop.mirror.tearDown();
    assertThat(main.query("postgres", "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    workshop.wire();
    workshop.start();
  }
}
