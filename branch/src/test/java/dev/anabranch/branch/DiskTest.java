package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.golden.BranchPoint;
import dev.anabranch.branch.golden.GoldenSurvey;
import dev.anabranch.branch.storage.Storage.Sharing;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a branch costs on a disk that can share blocks, and what happens on one that is full. */
@Tag("postgres")
class DiskTest {

  private static final long MEBIBYTE = 1L << 20;

  private static TemporaryPostgres main;

  @BeforeAll
  static void start() {
    main = TemporaryPostgres.start();
    main.execute(
        "CREATE TABLE orders (id int PRIMARY KEY, filler text)",
        "INSERT INTO orders SELECT g, repeat('x', 500) FROM generate_series(1, 100000) g",
        "VACUUM orders"); // or the first reader of a branch writes hint bits, and log for them
  }

  @AfterAll
  static void stop() {
    main.close();
  }

  private static Workshop workshopOn(Mount mount) {
    return new Workshop(
            main.url("postgres"), mount.directory().resolve("data"), GoldenSurvey.none())
        .start();
  }

  @Test
  void onXfsABranchSharesItsBlocksAndStartsQuickly() throws SQLException {
    try (Mount mount = Mount.xfs(2000);
        Workshop workshop = workshopOn(mount)) {
      Sharing sharing = workshop.storage.probe();
      assertThat(sharing.shared()).isTrue();
      assertThat(sharing.sentence()).contains("xfs");
      workshop.create("first");
      long before = mount.usedBytes();
      workshop.create("second");
      assertThat(mount.usedBytes() - before)
          .as("bytes of a branch of 80 MB")
          .isLessThan(25 * MEBIBYTE);
      assertThat(workshop.ask("second", "SELECT count(*) FROM orders")).containsExactly("100000");
    }
  }

  @Test
  void aFullDiskIsSaidToBeFullAndNothingIsLeftOfTheBranch() throws Exception {
    try (Mount mount = Mount.small(700);
        Workshop workshop = workshopOn(mount)) {
      assertThat(workshop.storage.probe().shared()).isFalse();
      workshop.create("good");
      Path ballast = mount.directory().resolve("ballast");
      fill(mount, ballast, 40);
      assertThatThrownBy(() -> workshop.branches.create(latest("bad")))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL));
      assertThat(children(workshop.home.branches())).hasSize(1);
      assertThat(workshop.branches.find(new BranchName("bad"))).isEmpty();
      assertThat(workshop.ask("good", "SELECT count(*) FROM orders")).containsExactly("100000");
      main.execute("UPDATE orders SET filler = 'y' WHERE id = 1");
      assertThatThrownBy(() -> workshop.create("bad"))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL));
      assertThat(children(workshop.home.golden())).hasSize(1);
      Files.delete(ballast);
      workshop.create("bad");
      assertThat(workshop.ask("bad", "SELECT filler FROM orders WHERE id = 1"))
          .containsExactly("y");
    }
  }

  private static BranchRequest latest(String name) {
    BranchRequest now = Workshop.request(name);
    return new BranchRequest(
        now.name(),
        now.lifetime(),
        new BranchPoint.Latest(),
        now.parent(),
        now.role(),
        now.ephemeral());
  }

  private static void fill(Mount mount, Path ballast, int leaveMebibytes) throws IOException {
    long free = Files.getFileStore(mount.directory()).getUsableSpace() - leaveMebibytes * MEBIBYTE;
    byte[] block = new byte[(int) MEBIBYTE];
    try (var out = Files.newOutputStream(ballast)) {
      for (long written = 0; written < free; written += block.length) {
        out.write(block);
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.toList();
    }
  }
}
