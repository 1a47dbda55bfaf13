package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.FullCopy;
import dev.anabranch.branch.storage.Provider;
import dev.anabranch.branch.storage.Reflink;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.branch.storage.Urgency;
import dev.anabranch.cluster.Program;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What writing to shared blocks costs on XFS, and how a broken file is mended. */
@Tag("postgres")
class FragmentationTest {

  private static final int DISK_MEBIBYTES = 600;
  private static final int PAGE_BYTES = 8192;
  private static final int FILE_PAGES = 4096;
  private static final int STRIDE = 8;
  private static final int BROKEN_INTO = FILE_PAGES / STRIDE;
  private static final Pattern EXTENTS = Pattern.compile("(\\d+) extents? found");

  private static Storage storage(Mount mount, Provider provider) {
    Storage storage =
        new Storage(
            DataLayout.of(mount.directory().resolve("data")),
            SystemUser.choose(Optional.empty()),
            Optional.of(provider));
    storage.probe();
    return storage;
  }

  /** A directory with one file that is about to break and one that is not. */
  private static Path original(Storage storage, Mount mount) throws IOException {
    Path directory = mount.directory().resolve("data/mirror/data");
    storage.makeDirectory(directory);
    Files.write(directory.resolve("table"), new byte[PAGE_BYTES * FILE_PAGES]);
    Files.write(directory.resolve("quiet"), new byte[PAGE_BYTES * FILE_PAGES]);
    storage.user().own(directory);
    storage.makeDurable(directory);
    return directory;
  }

  /** Writes one page here and one there: as updates of a table do. */
  private static void update(Path directory) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
    page.array()[0] = 1;
    try (FileChannel file =
        FileChannel.open(directory.resolve("table"), StandardOpenOption.WRITE)) {
      for (int number = 0; number < FILE_PAGES; number += STRIDE) {
        page.clear();
        file.write(page, (long) number * PAGE_BYTES);
      }
      file.force(true);
    }
  }

  private static int extents(Path file) {
    Program.Outcome outcome = Program.run(List.of("filefrag", file.toString()));
    Matcher found = EXTENTS.matcher(outcome.output());
    assertThat(found.find()).as(outcome.output()).isTrue();
    return Integer.parseInt(found.group(1));
  }

  private static void requireFilefrag() {
    assumeTrue(
        Program.run(List.of("sh", "-c", "command -v filefrag")).succeeded(),
        "NOT RUN: there is no filefrag here");
  }

  private static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino");
  }

  @Test
  void aFileThatBrokeIsWholeAgainAndIsOtherwiseTheSame() throws IOException {
    requireFilefrag();
    try (Mount mount = Mount.xfs(DISK_MEBIBYTES)) {
      Storage storage = storage(mount, new Reflink());
      Path mirror = original(storage, mount);
      Path image = mount.directory().resolve("data/golden/1/data");
      storage.copy(mirror, image, path -> true);
      update(mirror);
      Path table = mirror.resolve("table");
      byte[] content = Files.readAllBytes(table);
      var attributes = Files.readAttributes(table, "unix:uid,gid,mode");
      assertThat(extents(table)).isGreaterThan(BROKEN_INTO);
      Object quiet = inode(mirror.resolve("quiet"));

      Object inPieces = inode(table);
      storage.densify(mirror, Urgency.SOMEBODY_WAITS);
      assertThat(inode(table)).as("nobody waits for this").isEqualTo(inPieces);

      storage.densify(mirror, Urgency.NOBODY_WAITS);

      assertThat(extents(table)).isLessThan(BROKEN_INTO / 10);
      assertThat(Files.readAllBytes(table)).isEqualTo(content);
      assertThat(Files.readAttributes(table, "unix:uid,gid,mode")).isEqualTo(attributes);
      assertThat(inode(mirror.resolve("quiet"))).as("it lay well").isEqualTo(quiet);
      assertThat(Files.readAllBytes(image.resolve("table"))[0]).isZero();
      assertThat(mount.directory().resolve("data/scratch")).isEmptyDirectory();

      Object whole = inode(table);
      storage.densify(mirror, Urgency.NOBODY_WAITS);
      assertThat(inode(table)).as("it is whole already").isEqualTo(whole);
    }
  }

  @Test
  void whereCopiesDoNotCostByPiecesNothingIsRewritten() throws IOException {
    requireFilefrag();
    try (Mount mount = Mount.xfs(DISK_MEBIBYTES)) {
      Path mirror = original(storage(mount, new Reflink()), mount);
      Path image = mount.directory().resolve("data/golden/1/data");
      storage(mount, new Reflink()).copy(mirror, image, path -> true);
      update(mirror);
      Object before = inode(mirror.resolve("table"));
      storage(mount, new FullCopy()).densify(mirror, Urgency.NOBODY_WAITS);
      assertThat(inode(mirror.resolve("table"))).isEqualTo(before);
      assertThat(extents(mirror.resolve("table"))).isGreaterThan(BROKEN_INTO);
    }
  }

  @Test
  void aPageWrittenToABranchTakesTheRoomOfAPage() throws IOException {
    try (Mount mount = Mount.xfs(DISK_MEBIBYTES)) {
      Storage storage = storage(mount, new Reflink());
      Path branch = mount.directory().resolve("data/branches/7/data");
      storage.copy(original(storage, mount), branch, path -> true);
      long before = mount.usedBytes();
      update(branch);
      assertThat(mount.usedBytes() - before)
          .as(
              "bytes taken by %d pages; XFS left to itself takes sixteen times as much",
              BROKEN_INTO)
          .isBetween((long) BROKEN_INTO * PAGE_BYTES, 3L * BROKEN_INTO * PAGE_BYTES);
    }
  }
}
