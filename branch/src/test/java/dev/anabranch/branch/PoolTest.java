package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchId;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.pool.PoolSettings;
import dev.anabranch.branch.pool.PoolStatus;
import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Branches that are made before anybody asks for them. */
@Tag("postgres")
class PoolTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private TemporaryPostgres main;
  private Workshop workshop;

  @BeforeEach
  void start() {
    main = TemporaryPostgres.start();
    main.execute(
        "CREATE ROLE clerk",
        "CREATE TABLE orders (id int PRIMARY KEY, total int)",
        "GRANT SELECT ON orders TO clerk",
        "INSERT INTO orders VALUES (1, 1)");
    workshop = new Workshop(main, "postgres");
  }

  @AfterEach
  void stop() {
    workshop.close();
    main.close();
  }

  private void startWith(PoolSettings settings) {
    workshop.withPool(settings).wire();
    workshop.start();
  }

  private PoolStatus status() {
    return workshop.branches.poolStatus();
  }

  private void awaitShelves(int hot, int cold) {
    Await.until(
        hot + " hot and " + cold + " cold, not " + status(),
        () -> status().hot() == hot && status().cold() == cold,
        PATIENCE);
  }

  private static BranchRequest latest(String name) {
    return new BranchRequest(
        new BranchName(name),
        new Lifetime.NoExpiry(),
        new BranchPoint.Latest(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  private int directories() throws Exception {
    if (!Files.exists(workshop.home.branches())) {
      return 0;
    }
    try (Stream<Path> found = Files.list(workshop.home.branches())) {
      return (int) found.count();
    }
  }

  @Test
  void aLeaseTakesARunningBranchAndThePoolIsFilledAgain() throws Exception {
    startWith(PoolSettings.of(2, 1));
    awaitShelves(2, 1);
    Branch alice = workshop.branches.create(latest("alice"));
    assertThat(status().leasedHot()).isEqualTo(1);
    assertThat(status().leasedMade()).isZero();
    assertThat(workshop.branches.get(new BranchName("alice")))
        .usingRecursiveComparison()
        .isEqualTo(alice);
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("1");
    awaitShelves(2, 1);
    assertThat(directories()).isEqualTo(4);
    assertThat(workshop.branches.list()).extracting(Branch::name).containsExactly(alice.name());
  }

  @Test
  void whereMainStandsStillABranchOfNowIsALeaseToo() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    workshop.create("alice");
    assertThat(status().leasedHot()).isEqualTo(1);
  }

  @Test
  void aBranchOfNowHasWhatMainWroteAfterThePoolWasFilled() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    main.execute("UPDATE orders SET total = 2");
    workshop.create("alice");
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("2");
    assertThat(status().leasedMade()).isEqualTo(1);
  }

  @Test
  void callersOfAnEmptyPoolAreServedEachWithABranchOfItsOwn() throws Exception {
    startWith(PoolSettings.none());
    List<Branch> made = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Branch>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "caller-" + i;
        asked.add(callers.submit(() -> workshop.branches.create(latest(name))));
      }
      for (Future<Branch> branch : asked) {
        made.add(branch.get());
      }
    }
    assertThat(made).extracting(Branch::id).doesNotHaveDuplicates();
    for (Branch branch : made) {
      workshop.ask(branch.name().value(), "UPDATE orders SET total = " + branch.id());
    }
    for (Branch branch : made) {
      assertThat(workshop.ask(branch.name().value(), "SELECT total FROM orders"))
          .containsExactly(branch.id().toString());
    }
    assertThat(status().leasedMade()).isEqualTo(8);
  }

  @Test
  void whoWaitsTooLongIsToldTheirPlaceAndNothingIsLeft() throws Exception {
    startWith(PoolSettings.none().withDeadline(Duration.ofNanos(1)));
    assertThatThrownBy(() -> workshop.branches.create(latest("alice")))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCHES_EXHAUSTED))
        .hasMessageContaining("number 1 of 1");
    assertThat(status().timedOut()).isEqualTo(1);
    assertThat(workshop.branches.find(new BranchName("alice"))).isEmpty();
    Await.until(() -> directories() == 0, PATIENCE);
  }

  @Test
  void aNameThatIsTakenGivesTheSpareBack() throws Exception {
    startWith(PoolSettings.of(2, 0));
    awaitShelves(2, 0);
    workshop.branches.create(latest("alice"));
    awaitShelves(2, 0);
    assertThatThrownBy(() -> workshop.branches.create(latest("alice")))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_EXISTS));
    assertThat(status().hot()).isEqualTo(2);
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("1");
  }

  @Test
  void aSpareActsAsARoleOfMain() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    BranchRequest request = latest("alice");
    workshop.branches.create(
        new BranchRequest(
            request.name(),
            request.lifetime(),
            request.point(),
            Optional.empty(),
            Optional.of("clerk"),
            false));
    assertThat(workshop.ask("alice", "SELECT current_user")).containsExactly("clerk");
    assertThat(status().leasedHot()).isEqualTo(1);
  }

  @Test
  void aRoleThatMainHasNotLeavesNoBranch() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    BranchRequest request = latest("alice");
    assertThatThrownBy(() ->
            workshop.branches.create(
                new BranchRequest(
                    request.name(),
                    request.lifetime(),
                    request.point(),
                    Optional.empty(),
                    Optional.of("nobody-there"),
                    false)))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_ROLE_UNKNOWN));
    assertThat(workshop.branches.find(new BranchName("alice"))).isEmpty();
    awaitShelves(1, 0);
    assertThat(directories()).isEqualTo(1);
  }

  @Test
  void aNewProcessAdoptsTheSpares() throws Exception {
    startWith(PoolSettings.of(2, 1));
    awaitShelves(2, 1);
    List<BranchId> before = idsOnDisk();
    workshop.branches.stopFilling();
    startWith(PoolSettings.of(2, 1));
    awaitShelves(2, 1);
    assertThat(idsOnDisk()).isEqualTo(before);
    workshop.branches.create(latest("alice"));
    assertThat(status().leasedHot()).isEqualTo(1);
  }

  @Test
  void aSmallerPoolLetsGoOfWhatItHasTooMuch() throws Exception {
    startWith(PoolSettings.of(2, 2));
    awaitShelves(2, 2);
    workshop.branches.stopFilling();
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    Await.until(() -> directories() == 1, PATIENCE);
  }

  private List<BranchId> idsOnDisk() throws Exception {
    try (Stream<Path> found = Files.list(workshop.home.branches())) {
      return found
          .map(path -> new BranchId(Long.parseLong(path.getFileName().toString())))
          .sorted(java.util.Comparator.comparingLong(BranchId::value))
          .toList();
    }
  }

  @Test
  void aSpareWhosePostgresDiedWhileItWaitedIsStartedWhenSomebodyConnects() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    Path data = workshop.home.branches().resolve(idsOnDisk().getFirst().toString()).resolve("data");
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
    Program.run(List.of("sh", "-c", "kill -9 " + pid));
    Await.until(() -> !Files.exists(Path.of("/proc/" + pid + "/cwd")), PATIENCE);
    workshop.branches.create(latest("alice"));
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("1");
  }

  @Test
  void sparesOfAnImageThatGrewOldMakeWayForThoseOfANewerOne() throws Exception {
    workshop.withFreshness(Duration.ofSeconds(1));
    startWith(PoolSettings.of(1, 1).withRefresh(Duration.ofMillis(500)));
    awaitShelves(1, 1);
    main.execute("UPDATE orders SET total = 2");
    List<BranchId> old = idsOnDisk();
    Await.until(
        () -> {
          List<BranchId> now = idsOnDisk();
          return now.size() == 2 && old.stream().noneMatch(now::contains);
        },
        PATIENCE);
    awaitShelves(1, 1);
    workshop.branches.create(latest("alice"));
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("2");
  }

  @Test
  void aResetKeepsThePasswordAndTakesAHotBranch() throws Exception {
    startWith(PoolSettings.of(1, 0));
    awaitShelves(1, 0);
    workshop.branches.create(latest("alice"));
    String password = workshop.branches.get(new BranchName("alice")).password();
    workshop.ask("alice", "UPDATE orders SET total = 7");
    awaitShelves(1, 0);
    workshop.branches.reset(new BranchName("alice"));
    assertThat(status().leasedHot()).isEqualTo(2);
    assertThat(workshop.branches.get(new BranchName("alice")).password()).isEqualTo(password);
    assertThat(workshop.ask("alice", "SELECT total FROM orders")).containsExactly("1");
  }
}
