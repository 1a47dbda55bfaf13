package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of a branch between its creation and its end. The clock is the test's. */
@Tag("postgres")
class LifeTest {

  private static final Duration KEPT = Duration.ofDays(1);
  private static final Duration IDLE = Duration.ofMinutes(30);

  private static TemporaryPostgres main;
  private static Workshop workshop;
  private static volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");

  @BeforeAll
  static void start() {
    main = TemporaryPostgres.start();
    main.execute("CREATE DATABASE shop");
    main.executeIn(
        "shop",
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric)",
        "INSERT INTO orders SELECT g, g FROM generate_series(1, 100) g");
    workshop = new Workshop(main, "shop");
    workshop
        .withClock(() -> now)
        .withRules(
            BranchRules.none()
                .keepingDeleted(KEPT)
                .suspendingAfter(IDLE)
                .within(new BranchLimits(8, OptionalInt.of(2))));
    workshop.wire();
    workshop.start();
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

  private static void remove(String... names) {
    for (String name : names) {
      workshop.branches.delete(name(name), false, true);
    }
  }

  private static Branch.State state(String name) {
    return workshop.branches.get(name(name)).state();
  }

  private static Branch child(String name, String parent) {
    return workshop.branches.create(
        new BranchRequest(
            name(name),
            new Lifetime.NoExpiry(),
            new BranchPoint.Latest(),
            Optional.of(name(parent)),
            Optional.empty(),
            true));
  }

  @Test
  void aBranchThatNobodyUsesSleepsAndWhoConnectsWakesIt() throws SQLException {
    Branch branch = workshop.create("quiet");
    workshop.ask("quiet", "UPDATE orders SET total = 0 WHERE id = 1");
    List<Branch> read = new ArrayList<>();
    assertThat(workshop.branches.suspendIdle(id -> false, read::add)).isEmpty();
    now = now.plus(IDLE).minusSeconds(1);
    assertThat(workshop.branches.suspendIdle(id -> false, read::add)).isEmpty();
    now = now.plusSeconds(1);
    assertThat(workshop.branches.suspendIdle(id -> false, read::add)).contains(name("quiet"));
    assertThat(read).extracting(Branch::id).contains(branch.id());
    assertThat(state("quiet")).isEqualTo(Branch.State.SUSPENDED);
    assertThat(workshop.ask("quiet", "SELECT total FROM orders WHERE id = 1")).containsExactly("0");
    assertThat(state("quiet")).isEqualTo(Branch.State.READY);
    remove("quiet");
  }

  @Test
  void aBranchIsNotIdleWhileAClientOrTheGatewayIsOnIt() throws SQLException {
    Branch branch = workshop.create("busy");
    workshop.branches.suspendIdle(id -> false, read -> {});
    now = now.plus(IDLE);
    assertThat(workshop.branches.suspendIdle(branch.id()::equals, read -> {}))
        .doesNotContain(name("busy"));
    now = now.plus(IDLE);
    try (Connection connection = workshop.connectAsOwner("busy")) {
      now = now.plus(IDLE);
      assertThat(workshop.branches.suspendIdle(id -> false, read -> {}))
          .doesNotContain(name("busy"));
      assertCode(ErrorCode.BRANCH_BUSY, () -> workshop.branches.suspend(name("busy"), read -> {}));
      assertThat(Workshop.ask(connection, "SELECT 1")).containsExactly("1");
    }
    assertThat(state("busy")).isEqualTo(Branch.State.READY);
    remove("busy");
  }

  @Test
  void aBranchWhoseLogCantBeReadStaysAwake() {
    workshop.create("unread");
    workshop.branches.suspendIdle(id -> false, read -> {});
    now = now.plus(IDLE);
    assertThat(
            workshop.branches.suspendIdle(
                id -> false,
                read -> {
                  throw new IllegalStateException("the ledger is away");
                }))
        .isEmpty();
    assertThat(state("unread")).isEqualTo(Branch.State.READY);
    remove("unread");
  }

  @Test
  void aProtectedBranchIsNeitherDeletedNorSetBackNorExpires() {
    Instant end = now.plusSeconds(60);
    workshop.branches.create(
        new BranchRequest(
                name("kept"),
                new Lifetime.Until(end),
                new BranchPoint.Latest(),
                Optional.empty(),
                Optional.empty(),
                true)
            .withProtection());
    assertCode(ErrorCode.BRANCH_PROTECTED, () -> workshop.branches.delete(name("kept")));
    assertCode(
        ErrorCode.BRANCH_PROTECTED, () -> workshop.branches.delete(name("kept"), true, true));
    assertCode(ErrorCode.BRANCH_PROTECTED, () -> workshop.branches.reset(name("kept")));
    assertThat(workshop.branches.expire(end)).isEmpty();
    assertThat(workshop.branches.setProtected(name("kept"), false).isProtected()).isFalse();
    assertThat(workshop.branches.expire(end)).extracting(Branch::name).contains(name("kept"));
  }

  @Test
  void aDeletedBranchComesBackWithItsWorkAndPassword() throws SQLException {
    Branch before = workshop.create("lazarus");
    workshop.ask("lazarus", "UPDATE orders SET total = 5 WHERE id = 5");
    Deletion deletion = workshop.branches.delete(name("lazarus"));
    assertThat(deletion.keptUntil()).contains(now.plus(KEPT));
    assertThat(workshop.branches.find(name("lazarus"))).isEmpty();
    assertThat(workshop.branches.list()).extracting(Branch::id).doesNotContain(before.id());
    assertThat(workshop.branches.deleted()).extracting(Branch::id).contains(before.id());
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.open(name("lazarus")));

    workshop.create("lazarus");
    assertCode(
        ErrorCode.BRANCH_EXISTS,
        () -> workshop.branches.undelete(name("lazarus"), name("lazarus"), Optional.empty()));
    Branch after = workshop.branches.undelete(name("lazarus"), name("lazarus-2"), Optional.empty());
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.password()).isEqualTo(before.password());
    assertThat(workshop.ask("lazarus-2", "SELECT total FROM orders WHERE id = 5"))
        .containsExactly("5");
    assertThat(workshop.ask("lazarus", "SELECT total FROM orders WHERE id = 5"))
        .containsExactly("5");
    assertCode(
        ErrorCode.BRANCH_NOT_KEPT,
        () -> workshop.branches.undelete(name("lazarus"), name("other"), Optional.empty()));
    remove("lazarus", "lazarus-2");
  }

  @Test
  void aDeletedBranchRunsNothingAndIsGoneWhenItsTimeIsOver() {
    Branch branch = workshop.create("mortal");
    workshop.branches.delete(name("mortal"));
    assertThat(workshop.home.branches().resolve(branch.id() + "/data/PG_VERSION")).exists();
    assertThat(workshop.home.branches().resolve(branch.id() + "/data/postmaster.pid"))
        .doesNotExist();
    workshop.branches.expire(now.plus(KEPT).minusSeconds(1));
    assertThat(workshop.branches.deleted()).extracting(Branch::id).contains(branch.id());
    workshop.branches.expire(now.plus(KEPT));
    assertThat(workshop.branches.deleted()).extracting(Branch::id).doesNotContain(branch.id());
    assertThat(workshop.home.branches().resolve(branch.id().toString())).doesNotExist();
  }

  @Test
  void aDeletedBranchIsRemovedAtOnceWhenThatIsAsked() {
    Branch branch = workshop.create("doomed");
    workshop.branches.delete(name("doomed"));
    workshop.branches.delete(name("doomed"), false, true);
    assertThat(workshop.home.branches().resolve(branch.id().toString())).doesNotExist();
    assertCode(
        ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.delete(name("doomed"), false, true));
  }

  @Test
  void aBranchWhoseTimeWasOverNeedsANewLifetimeToComeBack() {
    Instant end = now.plusSeconds(60);
    workshop.branches.create(
        new BranchRequest(
            name("short"),
            new Lifetime.Until(end),
            new BranchPoint.Latest(),
            Optional.empty(),
            Optional.empty(),
            true));
    now = end;
    assertThat(workshop.branches.expire(now)).extracting(Branch::name).contains(name("short"));
    assertCode(
        ErrorCode.BRANCH_LIFETIME_INVALID,
        () -> workshop.branches.undelete(name("short"), name("short"), Optional.empty()));
    Branch back =
        workshop.branches.undelete(
            name("short"), name("short"), Optional.of(new Lifetime.NoExpiry()));
    assertThat(back.lifetime()).isEqualTo(new Lifetime.NoExpiry());
    remove("short");
  }

  @Test
  void aDeletedBranchSurvivesARestart() throws SQLException {
    workshop.create("sunken");
    workshop.ask("sunken", "DELETE FROM orders WHERE id = 7");
    workshop.branches.delete(name("sunken"));
    workshop.branches.recover();
    workshop.branches.undelete(name("sunken"), name("sunken"), Optional.empty());
    assertThat(workshop.ask("sunken", "SELECT count(*) FROM orders")).containsExactly("99");
    remove("sunken");
  }

  @Test
  void aBranchWithBranchesOfItsOwnIsDeletedWithThemOrNotAtAll() {
    workshop.create("root");
    child("left", "root");
    child("right", "root");
    child("leaf", "left");
    assertThatThrownBy(() -> workshop.branches.delete(name("root")))
        .hasMessageContaining("left, right");
    workshop.branches.setProtected(name("leaf"), true);
    assertCode(
        ErrorCode.BRANCH_PROTECTED, () -> workshop.branches.delete(name("root"), true, false));
    assertThat(workshop.branches.find(name("root"))).isPresent();
    workshop.branches.setProtected(name("leaf"), false);
    assertThat(workshop.branches.delete(name("root"), true, false).branches())
        .extracting(branch -> branch.name().value())
        .containsExactly("root", "left", "right", "leaf");
    assertThat(workshop.branches.list())
        .extracting(branch -> branch.name().value())
        .doesNotContain("root", "left", "right", "leaf");
    Branch leaf = workshop.branches.undelete(name("leaf"), name("leaf"), Optional.empty());
    assertThat(leaf.parent()).contains(name("left"));
    remove("leaf", "left", "right", "root");
  }

  @Test
  void aResetParentKeepsItsBranches() {
    workshop.create("elder");
    child("younger", "elder");
    workshop.branches.reset(name("elder"));
    assertCode(ErrorCode.BRANCH_HAS_CHILDREN, () -> workshop.branches.delete(name("elder")));
    workshop.branches.delete(name("elder"), true, true);
    assertThat(workshop.branches.find(name("younger"))).isEmpty();
  }

  @Test
  void aRenamedBranchIsTheSameLife() throws SQLException {
    Branch before = workshop.create("maiden");
    child("daughter", "maiden");
    try (Connection session = workshop.client("maiden")) {
      Workshop.ask(session, "UPDATE orders SET total = 9 WHERE id = 9");
      Branch after = workshop.branches.rename(name("maiden"), name("married"));
      assertThat(after.id()).isEqualTo(before.id());
      assertThat(after.password()).isEqualTo(before.password());
      assertThat(Workshop.ask(session, "SELECT total FROM orders WHERE id = 9"))
          .containsExactly("9");
    }
    assertThat(workshop.branches.get(name("daughter")).parent()).contains(name("married"));
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.get(name("maiden")));
    assertCode(
        ErrorCode.BRANCH_EXISTS, () -> workshop.branches.rename(name("married"), name("daughter")));
    // Whoever asked for a life gets that one, whatever its name has become, and nobody else's.
    workshop.create("maiden");
    try (Connection owner = workshop.branches.connectAsOwner(before)) {
      assertThat(Workshop.ask(owner, "SELECT total FROM orders WHERE id = 9")).containsExactly("9");
    }
    remove("daughter", "married", "maiden");
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.connectAsOwner(before));
  }

  @Test
  void aTakenLifeIsNotMistakenForTheNextOfItsName() {
    Branch before = workshop.create("twice");
    workshop.branches.reset(name("twice"));
    assertCode(ErrorCode.BRANCH_UNKNOWN, () -> workshop.branches.connectAsOwner(before));
    remove("twice");
  }

  @Test
  void nobodyHoldsMoreBranchesThanTheyMay() {
    for (int i = 1; i <= 2; i++) {
      workshop.branches.create(Workshop.request("dora-" + i).ownedBy("dora"));
    }
    assertThatThrownBy(() -> workshop.branches.create(Workshop.request("dora-3").ownedBy("dora")))
        .hasMessageContaining("dora holds 2 branches already")
        .hasMessageContaining("branch-limit-per-owner");
    workshop.branches.delete(name("dora-2"));
    workshop.branches.create(Workshop.request("dora-3").ownedBy("dora"));
    assertCode(
        ErrorCode.BRANCH_LIMIT,
        () -> workshop.branches.undelete(name("dora-2"), name("dora-2"), Optional.empty()));
    assertThat(workshop.branches.reset(name("dora-1")).owner()).isEqualTo("dora");
    remove("dora-1", "dora-2", "dora-3");
  }

  @Test
  void whoMadeABranchIsKeptThroughItsLives() {
    Branch made = workshop.branches.create(Workshop.request("made").withToken("1f0c9a77d2"));
    assertThat(made.madeWith()).isEqualTo("1f0c9a77d2");
    assertThat(workshop.branches.get(name("made")).madeWith()).isEqualTo("1f0c9a77d2");
    assertThat(workshop.branches.reset(name("made")).madeWith()).isEqualTo("1f0c9a77d2");
    workshop.branches.delete(name("made"), false, false);
    assertThat(workshop.branches.undelete(name("made"), name("made"), Optional.empty()).madeWith())
        .isEqualTo("1f0c9a77d2");
    assertThat(workshop.branches.create(Workshop.request("other")).madeWith()).isEmpty();
    remove("made", "other");
  }

  @Test
  void aFullServerSaysWhoHoldsHowMany() {
    List<String> made = new ArrayList<>();
    for (String owner : List.of("ada", "ada", "bob", "bob", "cyd", "cyd", "eve", "eve")) {
      made.add("full-" + made.size());
      workshop.branches.create(Workshop.request(made.getLast()).ownedBy(owner));
    }
    assertThatThrownBy(() -> workshop.branches.create(Workshop.request("one-more").ownedBy("fay")))
        .hasMessageContaining("There are 8 branches already (ada holds 2, bob holds 2, cyd holds 2")
        .hasMessageContaining("branch-limit");
    assertThat(workshop.branches.find(name("one-more"))).isEmpty();
    made.forEach(LifeTest::remove);
  }
}
