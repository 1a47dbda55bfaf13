package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Lsn;
import dev.anabranch.branch.Witness.Committed;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.history.HistorySettings;
import dev.anabranch.cluster.Cluster.StopMode;
import dev.anabranch.cluster.Program;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A branch of main's past holds exactly what main held then. */
@Tag("postgres")
class HistoryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final HistorySettings A_DAY =
      new HistorySettings(Duration.ofDays(1), Duration.ofHours(1), 1L << 34);

  private TemporaryPostgres main;
  private Witness witness;
  private Workshop workshop;
  private Duration ahead = Duration.ZERO;

  @BeforeEach
  void start() {
    main = TemporaryPostgres.start(Map.of("max_prepared_transactions", "5"));
    witness = new Witness(main);
    InstantSource later = () -> Instant.now().plus(ahead);
    workshop = new Workshop(main, Witness.DATABASE).withHistory(A_DAY).withClock(later);
    workshop.wire();
    workshop.start();
  }

  @AfterEach
  void stop() {
    workshop.close();
    main.close();
  }

  private Branch create(String name, BranchPoint point) {
    return workshop.branches.create(
        new BranchRequest(
            new BranchName(name),
            new Lifetime.NoExpiry(),
            point,
            Optional.empty(),
            Optional.empty(),
            false));
  }

  private Set<Long> rows(String branch) throws SQLException {
    return workshop.ask(branch, "SELECT id FROM log").stream()
        .map(Long::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Long> upTo(List<Committed> commits, Lsn lsn) {
    return commits.stream()
        .filter(commit -> !commit.end().isAfter(lsn))
        .map(Committed::row)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void refused(BranchPoint point, String... words) {
    assertThatThrownBy(() -> create("refused", point))
        .isInstanceOfSatisfying(
            AnabranchException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BRANCH_POINT_GONE))
        .hasMessageContainingAll(words);
    assertThat(workshop.branches.find(new BranchName("refused"))).isEmpty();
  }

  private void writeInEveryWay() throws Exception {
    witness.whileWriting(() -> {
      Await.until(() -> number("SELECT count(*) FROM log") > 300, PATIENCE);
      main.executeIn(Witness.DATABASE, "SELECT pg_switch_wal()");
      main.executeIn(
          Witness.DATABASE,
          "BEGIN",
          "INSERT INTO log (filler) VALUES (repeat('prepared', 5000))",
          "PREPARE TRANSACTION 'later'",
          "CHECKPOINT",
          "COMMIT PREPARED 'later'");
      main.executeIn(
          Witness.DATABASE,
          "BEGIN",
          "SAVEPOINT s",
          "INSERT INTO log (filler) VALUES ('in a savepoint')",
          "RELEASE s",
          "COMMIT",
          "DROP TABLE IF EXISTS big",
          "CREATE TABLE big AS SELECT repeat('y', 6000) || i AS t FROM generate_series(1, 4000) i");
      long rows = number("SELECT count(*) FROM log");
      Await.until(() -> number("SELECT count(*) FROM log") > rows + 200, PATIENCE);
      return null;
    });
  }

  private void catchUp() {
    Lsn flushed = Lsn.parse(main.query("postgres", "SELECT pg_current_wal_flush_lsn()").getFirst());
    assertThat(workshop.mirror.awaitReplay(flushed, PATIENCE)).isTrue();
  }

  private long number(String sql) {
    return Long.parseLong(main.query(Witness.DATABASE, sql).getFirst());
  }

  @Test
  void aPositionInTheStreamGivesExactlyTheCommitsUpToThere() throws Exception {
    workshop.history.tend();
    writeInEveryWay();
    List<Committed> commits = witness.commits();
    List<Lsn> points = new ArrayList<>();
    for (int part = 1; part <= 4; part++) {
      points.add(commits.get(commits.size() * part / 5).end());
    }
    Lsn middle = commits.get(commits.size() / 2).end();
    points.add(new Lsn(middle.value() - 3)); // inside the commit's record
    points.add(commits.getLast().end());
    for (int i = 0; i < points.size(); i++) {
      Branch branch = create("past-" + i, new BranchPoint.AtLsn(points.get(i)));
      assertThat(branch.forkLsn().isAfter(points.get(i))).isFalse();
      assertThat(rows("past-" + i)).isEqualTo(upTo(commits, points.get(i)));
      workshop.branches.delete(branch.name());
    }
    assertThat(upTo(commits, points.get(4))).isNotEqualTo(upTo(commits, middle));
  }

  @Test
  void aMomentGivesWhatWasCommittedUpToThen() throws Exception {
    workshop.history.tend();
    writeInEveryWay();
    List<Committed> commits = witness.commits();
    for (int part = 1; part <= 3; part++) {
      Instant time = commits.get(commits.size() * part / 4).at();
      Set<Long> expected =
          commits.stream()
              .takeWhile(commit -> !commit.at().isAfter(time))
              .map(Committed::row)
              .collect(Collectors.toCollection(TreeSet::new));
      Branch branch = create("then-" + part, new BranchPoint.AtTime(time));
      assertThat(branch.forkTime()).isEqualTo(time);
      assertThat(rows("then-" + part)).isEqualTo(expected).isNotEmpty();
    }
  }

  @Test
  void thePastIsThereAfterEverythingWasKilled() throws Exception {
    workshop.history.tend();
    writeInEveryWay();
    Committed middle = witness.commits().get(witness.commits().size() / 2);
    long mirror = workshop.mirror.pid().orElseThrow();
    Program.run(List.of("sh", "-c", "kill -9 " + mirror));
    Await.until(() -> !Files.exists(Path.of("/proc/" + mirror + "/cwd")), PATIENCE);
    main.cluster().stop(StopMode.IMMEDIATE);
    main.cluster().start(PATIENCE);
    workshop.wire();
    workshop.start();
    workshop.history.tend();
    writeInEveryWay();
    List<Committed> commits = witness.commits();
    create("before", new BranchPoint.AtLsn(middle.end()));
    assertThat(rows("before")).isEqualTo(upTo(commits, middle.end()));
    Lsn last = commits.get(commits.size() - 5).end();
    create("after", new BranchPoint.AtLsn(last));
    assertThat(rows("after")).isEqualTo(upTo(commits, last));
  }

  @Test
  void outsideTheWindowIsRefusedWithItsBeginning() throws Exception {
    Lsn before = Lsn.parse(main.query("postgres", "SELECT pg_current_wal_insert_lsn()").getFirst());
    Instant early = Instant.now();
    refused(new BranchPoint.AtLsn(before), "the history of main begins in a moment");
    main.executeIn(Witness.DATABASE, "INSERT INTO log (filler) VALUES ('first')");
    workshop.history.tend();
    String begins = "begins at " + workshop.history.window().orElseThrow().from();
    refused(new BranchPoint.AtLsn(before), before.toString(), begins);
    refused(new BranchPoint.AtTime(early), early.toString(), begins);
    refused(new BranchPoint.AtLsn(new Lsn(1L << 40)), "main is only at");
    refused(new BranchPoint.AtTime(Instant.now().plusSeconds(60)), "it is only");
  }

  @Test
  void whatIsTooOldIsDroppedAndTheRestCanBeHad() throws Exception {
    workshop.history.tend();
    Lsn first = workshop.history.window().orElseThrow().from();
    main.executeIn(Witness.DATABASE, "INSERT INTO log (filler) VALUES ('first')");
    catchUp();
    ahead = Duration.ofHours(2);
    workshop.history.tend();
    assertThat(workshop.history.window().orElseThrow().bases()).isEqualTo(2);
    assertThat(workshop.history.window().orElseThrow().from()).isEqualTo(first);
    main.executeIn(Witness.DATABASE, "INSERT INTO log (filler) VALUES ('second')");
    catchUp();
    ahead = Duration.ofHours(25);
    workshop.history.tend();
    Lsn oldest = workshop.history.window().orElseThrow().from();
    assertThat(oldest.isAfter(first)).isTrue();
    assertThat(directories()).hasSize(1);
    refused(new BranchPoint.AtLsn(first), "begins at " + oldest);
    create("oldest", new BranchPoint.AtLsn(oldest));
    assertThat(rows("oldest")).containsExactly(1L, 2L);
  }

  private List<String> directories() throws Exception {
    try (var children = Files.list(workshop.home.history())) {
      return children.map(path -> path.getFileName().toString()).toList();
    }
  }

  @Test
  void aMainThatWritesMoreThanTheLimitLeavesLessOfThePast() throws Exception {
    workshop.withHistory(new HistorySettings(Duration.ofDays(1), Duration.ofHours(1), 40L << 20));
    workshop.wire();
    workshop.start();
    for (int i = 0; i < 4; i++) {
      workshop.history.tend();
      main.executeIn(
          Witness.DATABASE,
          "INSERT INTO log (filler) VALUES ('one more')",
          "CREATE TABLE bulk"
              + i
              + " AS SELECT repeat('abcdefgh', 100) || j AS t FROM"
              + " generate_series(1, 30000) j",
          "CHECKPOINT"); // recovery of a copy begins at main's own
      catchUp();
    }
    workshop.history.tend();
    assertThat(workshop.history.window().orElseThrow().logBytes()).isLessThanOrEqualTo(40L << 20);
    Lsn oldest = workshop.history.window().orElseThrow().from();
    create("oldest", new BranchPoint.AtLsn(oldest));
    assertThat(rows("oldest")).isEqualTo(upTo(witness.commits(), oldest));
  }

  @Test
  void aMirrorThatIsBuiltAnewBeginsTheHistoryAnew() throws Exception {
    workshop.history.tend();
    Lsn first = workshop.history.window().orElseThrow().from();
    main.executeIn(Witness.DATABASE, "INSERT INTO log (filler) VALUES ('first')");
    workshop.mirror.tearDown();
    workshop.wire();
    workshop.start();
    workshop.history.tend();
    assertThat(workshop.history.window().orElseThrow().from().isAfter(first)).isTrue();
    assertThat(workshop.history.window().orElseThrow().bases()).isEqualTo(1);
    assertThat(directories()).hasSize(1);
    refused(new BranchPoint.AtLsn(first), "the history of main begins at");
  }

  @Test
  void switchedOffNothingIsKeptAndThePastIsRefused() {
    workshop.history.tend();
    Lsn from = workshop.history.window().orElseThrow().from();
    workshop.withHistory(HistorySettings.off());
    workshop.wire();
    workshop.start();
    workshop.history.tend();
    assertThat(workshop.history.window()).isEmpty();
    refused(new BranchPoint.AtLsn(from), "the setting 'history'");
    List<String> slots = workshop.mirror.read(HistoryTest::slots);
    assertThat(slots).isEmpty();
  }

  private static List<String> slots(Connection mirror) {
    try {
      return Workshop.ask(mirror, "SELECT slot_name FROM pg_replication_slots");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
