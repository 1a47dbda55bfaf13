package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.Scratch;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class BranchesTest {

  private static TemporaryPostgres main;
  private static Workshop workshop;

  @BeforeAll
  static void start() {
    main = TemporaryPostgres.start();
    main.execute("CREATE DATABASE shop");
    main.executeIn(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric)",
        "INSERT INTO orders SELECT g, g FROM generate_series(1, 1000) g");
    workshop = new Workshop(main, "shop").start();
  }

  @AfterAll
  static void stop() {
    workshop.close();
    main.close();
  }

  private static BranchName name(String value) {
    return new BranchName(value);
  }

  private static void assertCode(ErrorCode code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aBranchIsMainAsItWasAndKeepsItsOwnWrites() throws SQLException {
    workshop.create("first");
    workshop.create("second");
    main.executeIn("shop", "DELETE FROM orders WHERE id = 10");
    assertThat(workshop.ask("first", "SELECT count(*) FROM orders WHERE id = 10"))
        .containsExactly("1");
    workshop.ask("first", "UPDATE orders SET total = 0 WHERE id = 20");
    assertThat(workshop.ask("first", "SELECT total FROM orders WHERE id = 20"))
        .containsExactly("0");
    assertThat(workshop.ask("second", "SELECT total FROM orders WHERE id = 20"))
        .containsExactly("20");
    assertThat(main.query("shop", "SELECT total FROM orders WHERE id = 20")).containsExactly("20");
    workshop.branches.delete(name("first"));
    workshop.branches.delete(name("second"));
  }

  @Test
  void aTakenNameIsRefusedAndItsBranchGoesOn() throws SQLException {
    Branch taken = workshop.create("taken");
    assertCode(ErrorCode.BRANCH_EXISTS, () -> workshop.create("taken"));
    assertThat(workshop.branches.get(name("taken"))).isEqualTo(taken);
    assertThat(workshop.ask("taken", "SELECT 1")).containsExactly("1");
    workshop.branches.delete(name("taken"));
  }

  @Test
  void anUnknownNameIsSaidToBeUnknown() {
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.get(name("nobody")));
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.open(name("nobody")));
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.delete(name("nobody")));
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.reset(name("nobody")));
  }

  @Test
  void whoWritesABranchDownDoesNotWriteItsPassword() {
    Branch branch = workshop.create("mine");
    assertThat(branch.toString()).doesNotContain(branch.password());
    workshop.branches.delete(name("mine"));
  }

  @Test
  void aDeletedBranchLeavesNoProcessNoFileAndNoSocket() throws SQLException {
    Branch branch = workshop.create("gone");
    Path sockets = workshop.branches.open(name("gone")).socketDirectory();
    long postmaster = postmasterOf(branch);
    workshop.branches.delete(name("gone"));
    assertThat(ProcessHandle.of(postmaster).map(ProcessHandle::isAlive).orElse(false)).isFalse();
    assertThat(workshop.home.branches().resolve(branch.id().toString())).doesNotExist();
    assertThat(sockets).doesNotExist();
    assertThat(workshop.branches.find(name("gone"))).isEmpty();
    workshop.create("gone");
    workshop.branches.delete(name("gone"));
  }

  private static long postmasterOf(Branch branch) {
    Path file =
        workshop
            .home
            .branches()
            .resolve(branch.id().toString())
            .resolve("data")
            .resolve("postmaster.pid");
    try {
      return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLifetimeThatIsOverIsRefusedAndOneThatEndsDeletesTheBranch() {
    Instant past = Instant.now().minusSeconds(1);
    assertCode(
        ErrorCode.BRANCH_LIFETIME_INVALID, () -> workshop.branches.create(until("late", past)));
    Instant soon = Instant.now().plusSeconds(3600);
    workshop.branches.create(until("short", soon));
    assertThat(workshop.branches.expire(soon.minusSeconds(1))).isEmpty();
    assertThat(workshop.branches.expire(soon))
        .extracting(Branch::name)
        .containsExactly(name("short"));
    assertThat(workshop.branches.find(name("short"))).isEmpty();
  }

  private static BranchRequest until(String name, Instant time) {
    return new BranchRequest(
        name(name),
        new Lifetime.Until(time),
        new BranchPoint.Latest(),
        Optional.empty(),
        Optional.empty(),
        true);
  }

  @Test
  void aSleepingBranchWakesOnceForManyWhoConnect() throws Exception {
    Branch branch = workshop.create("sleeper");
    workshop.ask("sleeper", "UPDATE orders SET total = 7 WHERE id = 30");
    workshop.branches.suspend(name("sleeper"), ignored -> {});
    assertThat(workshop.branches.get(name("sleeper")).state()).isEqualTo(Branch.State.SUSPENDED);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            callers.submit(
                () -> workshop.ask("sleeper", "SELECT total FROM orders WHERE id = 30")));
      }
      for (Future<List<String>> answer : answers) {
        assertThat(answer.get()).containsExactly("7");
      }
    }
    assertThat(workshop.branches.get(name("sleeper"))).isEqualTo(branch);
    workshop.branches.delete(name("sleeper"));
  }

  @Test
  void aResetBranchIsANewLifeOfTheSameNameAndPassword() throws SQLException {
    Branch before = workshop.create("again");
    workshop.ask("again", "DELETE FROM orders");
    Branch after = workshop.branches.reset(name("again"));
    assertThat(after.id()).isNotEqualTo(before.id());
    assertThat(after.password()).isEqualTo(before.password());
    assertThat(after.forkLsn()).isEqualTo(before.forkLsn());
    assertThat(workshop.ask("again", "SELECT count(*) > 0 FROM orders")).containsExactly("t");
    main.executeIn("shop", "INSERT INTO orders VALUES (5000, 5) ON CONFLICT DO NOTHING");
    Branch now = workshop.branches.reset(name("again"), new BranchPoint.Now());
    assertThat(now.forkLsn().isAfter(before.forkLsn())).isTrue();
    assertThat(workshop.ask("again", "SELECT total FROM orders WHERE id = 5000"))
        .containsExactly("5");
    assertCode(
        ErrorCode.BRANCH_POINT_GONE,
        () -> workshop.branches.reset(name("again"), new BranchPoint.AtLsn(new Lsn(1))));
    assertThat(workshop.ask("again", "SELECT total FROM orders WHERE id = 5000"))
        .containsExactly("5");
    workshop.branches.delete(name("again"));
  }

  @Test
  void aBranchOfABranchStartsWithItsParentsWritesAndTheyPartThen() throws SQLException {
    Branch parent = workshop.create("parent");
    workshop.ask("parent", "UPDATE orders SET total = 1 WHERE id = 40");
    Branch child =
        workshop.branches.create(
            new BranchRequest(
                name("child"),
                new Lifetime.NoExpiry(),
                new BranchPoint.Latest(),
                Optional.of(name("parent")),
                Optional.empty(),
                false));
    assertThat(child.forkLsn()).isEqualTo(parent.forkLsn());
    assertThat(child.parent()).contains(name("parent"));
    assertThat(workshop.ask("child", "SELECT total FROM orders WHERE id = 40"))
        .containsExactly("1");
    workshop.ask("child", "UPDATE orders SET total = 2 WHERE id = 40");
    assertThat(workshop.ask("parent", "SELECT total FROM orders WHERE id = 40"))
        .containsExactly("1");
    assertThat(written("child")).isEqualTo(1);
    assertThat(written("parent")).isEqualTo(1);
    workshop.branches.delete(name("child"));
    assertThat(workshop.ask("parent", "SELECT total FROM orders WHERE id = 40"))
        .containsExactly("1");
    workshop.branches.delete(name("parent"));
  }

  @Test
  void branchesGrowOutOfEachOtherSixDeepAndEachReadsFilesOfItsOwn() throws SQLException {
    workshop.create("depth-0");
    for (int depth = 1; depth <= 6; depth++) {
      String parent = "depth-" + (depth - 1);
      workshop.ask(parent, "UPDATE orders SET total = " + depth + " WHERE id = " + (50 + depth));
      workshop.branches.create(
          new BranchRequest(
              name("depth-" + depth),
              new Lifetime.NoExpiry(),
              new BranchPoint.Latest(),
              Optional.of(name(parent)),
              Optional.empty(),
              false));
    }
    assertThat(
            workshop.ask(
                "depth-6", "SELECT total FROM orders WHERE id BETWEEN 51 AND 56 ORDER BY id"))
        .containsExactly("1", "2", "3", "4", "5", "6");
    workshop.branches.delete(name("depth-0"), true, true);
    assertThat(workshop.branches.list()).noneMatch(left -> left.name().value().contains("depth"));
  }

  private static int written(String name) throws SQLException {
    try (Connection connection = workshop.connectAsOwner(name)) {
      return Integer.parseInt(
          Workshop.ask(
                  connection,
                  "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('anabranch_branch',"
                      + " NULL, NULL, 'proto_version', '1', 'publication_names',"
                      + " 'anabranch_branch') WHERE get_byte(data, 0) = 85")
              .getFirst());
    }
  }

  @Test
  void imagesAreKeptWhileABranchRestsOnThemAndTheNewestAlways() {
    Branch old = workshop.create("old");
    main.executeIn(
        "shop", "CREATE TABLE IF NOT EXISTS noise (x int)", "INSERT INTO noise VALUES (1)");
    workshop.create("young");
    assertThat(workshop.images.of(old.forkLsn())).isPresent();
    workshop.branches.delete(name("old"));
    assertThat(workshop.images.of(old.forkLsn())).isEmpty();
    Branch young = workshop.branches.get(name("young"));
    workshop.branches.delete(name("young"));
    assertThat(workshop.images.of(young.forkLsn())).isPresent();
  }

  @Test
  void aScratchCloneIsMainAtItsForkPointAndLeavesNothing() throws SQLException {
    Branch branch = workshop.create("origin");
    workshop.ask("origin", "DELETE FROM orders");
    try (Scratch scratch = workshop.scratches.open(branch.forkLsn());
        Connection connection = scratch.connect()) {
      assertThat(scratch.lsn()).isEqualTo(branch.forkLsn());
      assertThat(Workshop.ask(connection, "SELECT count(*) > 0 FROM orders")).containsExactly("t");
    }
    assertThat(workshop.home.scratch()).isEmptyDirectory();
    workshop.branches.delete(name("origin"));
  }
}
