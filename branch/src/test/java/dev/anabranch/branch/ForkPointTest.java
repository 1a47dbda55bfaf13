package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchName;
import dev.anabranch.branch.Witness.Committed;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A branch holds exactly those commits of main that end at or below its fork point, whoever writes
 * meanwhile.
 */
@Tag("postgres")
class ForkPointTest {

  private static final int CUTS = 5;

  @Test
  void everyCommitAtOrBelowTheForkPointIsInsideAndNoneAbove() throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start()) {
      Witness witness = new Witness(main);
      try (Workshop workshop = new Workshop(main, Witness.DATABASE).start()) {
        List<Branch> branches = witness.whileWriting(() -> cutSeveral(workshop));
        List<Committed> commits = witness.commits();
        for (Branch branch : branches) {
          Set<Long> expected =
              commits.stream()
                  .filter(commit -> !commit.end().isAfter(branch.forkLsn()))
                  .map(Committed::row)
                  .collect(Collectors.toCollection(TreeSet::new));
          Set<Long> inside =
              workshop.ask(branch.name().value(), "SELECT id FROM log").stream()
                  .map(Long::valueOf)
                  .collect(Collectors.toCollection(TreeSet::new));
          assertThat(inside).as("rows of %s", branch).isEqualTo(expected).isNotEmpty();
        }
        assertThat(branches.stream().map(Branch::forkLsn).distinct()).hasSize(CUTS);
        assertThat(commits.size()).isGreaterThan(100);
      }
    }
  }

  private static List<Branch> cutSeveral(Workshop workshop) {
    List<Branch> branches = new ArrayList<>();
    for (int i = 0; i < CUTS; i++) {
      branches.add(workshop.create("cut-" + i));
    }
    return branches;
  }

  @Test
  void whatWasAcknowledgedBeforeTheRequestIsInside() throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start()) {
      main.execute("CREATE TABLE log (id int)");
      try (Workshop workshop = new Workshop(main, "postgres").start()) {
        for (int i = 1; i <= CUTS; i++) {
          main.execute("SET synchronous_commit = off", "INSERT INTO log VALUES (" + i + ")");
          workshop.create("after-" + i);
          assertThat(workshop.ask("after-" + i, "SELECT max(id) FROM log"))
              .containsExactly(Integer.toString(i));
          workshop.branches.delete(new BranchName("after-" + i));
        }
      }
    }
  }

  @Test
  void aMainThatIsQuietIsNotCutAgain() {
    try (TemporaryPostgres main = TemporaryPostgres.start();
        Workshop workshop = new Workshop(main, "postgres").start()) {
      Branch first = workshop.create("first");
      Branch second = workshop.create("second");
      assertThat(second.forkLsn()).isEqualTo(first.forkLsn());
    }
  }
}
