package dev.anabranch.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.branch.storage.BtrfsSnapshot;
import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.DiskUse;
import dev.anabranch.branch.storage.ExternalCommand;
import dev.anabranch.branch.storage.FullCopy;
import dev.anabranch.branch.storage.Provider;
import dev.anabranch.branch.storage.Reflink;
import dev.anabranch.branch.storage.Storage;
import dev.anabranch.cluster.SystemUser;
import dev.anabranch.testkit.TemporaryPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every storage provider promises, on each filesystem that it is for. */
@Tag("postgres")
class ProviderTest {

  private static final Path SAMPLE =
      Path.of(System.getProperty("anabranch.root"), "docs", "examples", "storage-copy");
  private static final int DISK_MEBIBYTES = 400;
  private static final int FILE_BYTES = 8 << 20;

  /** What a provider may stand on. */
  enum Disk {
    XFS,
    BTRFS,
    MEMORY;

    Mount mount() {
      return switch (this) {
        case XFS -> Mount.xfs(DISK_MEBIBYTES);
        case BTRFS -> Mount.btrfs(DISK_MEBIBYTES);
        case MEMORY -> Mount.small(DISK_MEBIBYTES);
      };
    }
  }

  /** A provider on a disk, and whether its copies share blocks there. */
  record Place(Provider provider, Disk disk, boolean shared) {}

  static List<Place> places() {
    return List.of(
        new Place(new Reflink(), Disk.XFS, true),
        new Place(new Reflink(), Disk.BTRFS, true),
        new Place(new BtrfsSnapshot(), Disk.BTRFS, true),
        new Place(new FullCopy(), Disk.XFS, false),
        new Place(new FullCopy(), Disk.MEMORY, false),
        new Place(sample(), Disk.XFS, true),
        new Place(sample(), Disk.MEMORY, false));
  }

  static List<Place> placesInMemory() {
    return places().stream().filter(place -> place.disk() == Disk.MEMORY).toList();
  }

  private static ExternalCommand sample() {
    return new ExternalCommand(SAMPLE, ExternalCommand.USUAL_TIMEOUT);
  }

  private static Storage storage(Mount mount, Optional<Provider> provider) {
    return new Storage(
        DataLayout.of(mount.directory().resolve("data")),
        SystemUser.choose(Optional.empty()),
        provider);
  }

  /** A data directory in miniature, of a strange owner's and with strange modes. */
  private static Path original(Storage storage, Path parent) throws IOException {
    Path source = parent.resolve("source");
    storage.makeDirectory(source);
    Files.createDirectories(source.resolve("base").resolve("1"));
    Files.write(source.resolve("base/1/big"), new byte[FILE_BYTES]);
    Files.writeString(source.resolve("base/1/small"), "content");
    Files.createDirectories(source.resolve("pg_replslot").resolve("slot"));
    Files.writeString(source.resolve("pg_replslot/slot/state"), "a slot");
    Files.writeString(source.resolve("postmaster.pid"), "1");
    Files.createSymbolicLink(source.resolve("link"), Path.of("/nowhere"));
    storage.user().own(source);
    Files.setPosixFilePermissions(
        source.resolve("base/1/small"), PosixFilePermissions.fromString("r--r-----"));
    return source;
  }

  private static boolean wanted(Path relative) {
    return !relative.startsWith("postmaster.pid")
        && (!relative.startsWith("pg_replslot") || relative.getNameCount() == 1);
  }

  /** Each path below, with its owner, mode and content or target. */
  private static Map<String, String> facts(Path directory) throws IOException {
    Map<String, String> facts = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.toList()) {
        Map<String, Object> attributes =
            Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
        String content = "";
        if (Files.isSymbolicLink(path)) {
          content = Files.readSymbolicLink(path).toString();
        } else if (Files.isRegularFile(path)) {
          content = Integer.toString(java.util.Arrays.hashCode(Files.readAllBytes(path)));
        }
        facts.put(directory.relativize(path).toString(), new TreeMap<>(attributes) + " " + content);
      }
    }
    return facts;
  }

  @ParameterizedTest
  @MethodSource("places")
  void aCopyIsTheWantedPartOfItsOriginalAndLivesByItself(Place place) throws IOException {
    try (Mount mount = place.disk.mount()) {
      Storage storage = storage(mount, Optional.of(place.provider));
      assertThat(storage.probe().shared()).isEqualTo(place.shared);
      Path golden = mount.directory().resolve("data/golden/1");
      Path source = original(storage, golden);
      Path branch = mount.directory().resolve("data/branches/7");
      Path target = branch.resolve("data");
      long before = mount.usedBytes();
      storage.copy(source, target, ProviderTest::wanted);
      storage.makeDurable(target);
      assertThat(mount.usedBytes() - before < FILE_BYTES / 2)
          .as("the copy shares its blocks")
          .isEqualTo(place.shared);

      DiskUse asCopied = storage.use(target).orElseThrow();
      assertThat(place.shared ? asCopied.sharedBytes() : asCopied.ownBytes())
          .isGreaterThanOrEqualTo(FILE_BYTES);
      assertThat(place.shared ? asCopied.ownBytes() : asCopied.sharedBytes())
          .isLessThan(FILE_BYTES / 2);

      Map<String, String> expected = facts(source);
      assertThat(expected.remove("postmaster.pid")).isNotNull();
      assertThat(expected.remove("pg_replslot/slot")).isNotNull();
      assertThat(expected.remove("pg_replslot/slot/state")).isNotNull();
      assertThat(facts(target)).isEqualTo(expected);

      Files.writeString(target.resolve("base/1/big"), "changed");
      assertThat(Files.size(source.resolve("base/1/big"))).isEqualTo(FILE_BYTES);
      Path grandchild = mount.directory().resolve("data/branches/8/data");
      storage.copy(target, grandchild, path -> true);
      assertThat(facts(grandchild)).isEqualTo(facts(target));

      storage.delete(branch);
      storage.delete(branch);
      assertThat(branch).doesNotExist();
      storage.delete(golden);
      assertThat(Files.readString(grandchild.resolve("base/1/big"))).isEqualTo("changed");
      assertThat(storage.deleteAllBut(mount.directory().resolve("data/branches"), Set.of()))
          .containsExactly("8");
      assertThat(mount.directory().resolve("data/branches")).isEmptyDirectory();
    }
  }

  @Test
  void whatIsWrittenToACopyIsItsOwn() throws IOException {
    try (Mount xfs = Mount.xfs(DISK_MEBIBYTES)) {
      Storage storage = storage(xfs, Optional.of(new Reflink()));
      Path source = original(storage, xfs.directory().resolve("data/golden/1"));
      Path target = xfs.directory().resolve("data/branches/7/data");
      storage.copy(source, target, path -> true);
      storage.makeDurable(target);
      long before = storage.use(target).orElseThrow().ownBytes();
      try (RandomAccessFile big =
          new RandomAccessFile(target.resolve("base/1/big").toFile(), "rw")) {
        big.write(new byte[FILE_BYTES / 4]);
      }
      storage.makeDurable(target);
      DiskUse after = storage.use(target).orElseThrow();
      assertThat(after.ownBytes() - before).isEqualTo(FILE_BYTES / 4);
      assertThat(after.sharedBytes()).isGreaterThanOrEqualTo(FILE_BYTES / 4 * 3);
      assertThat(storage.use(source).orElseThrow().ownBytes())
          .isGreaterThanOrEqualTo(FILE_BYTES / 4);
      assertThat(storage.use(xfs.directory().resolve("data/branches/8")))
          .contains(new DiskUse(0, 0));
    }
  }

  @Test
  void theBestProviderOfADiskIsFound() {
    try (Mount xfs = Mount.xfs(DISK_MEBIBYTES);
        Mount memory = Mount.small(DISK_MEBIBYTES)) {
      assertThat(storage(xfs, Optional.empty()).probe().provider()).isEqualTo(new Reflink());
      assertThat(storage(memory, Optional.empty()).probe().provider()).isEqualTo(new FullCopy());
    }
  }

  @Test
  void onBtrfsTheBestIsASnapshot() {
    try (Mount btrfs = Mount.btrfs(DISK_MEBIBYTES)) {
      assertThat(storage(btrfs, Optional.empty()).probe().provider())
          .isEqualTo(new BtrfsSnapshot());
    }
  }

  @Test
  void aDirectoryThatWasNoSubvolumeBecomesOneWithItsFirstCopy() throws IOException {
    try (Mount btrfs = Mount.btrfs(DISK_MEBIBYTES)) {
      Path source =
          original(
              storage(btrfs, Optional.of(new Reflink())),
              btrfs.directory().resolve("data/golden/1"));
      Path branch = btrfs.directory().resolve("data/branches/7");
      Path target = branch.resolve("data");
      Storage storage = storage(btrfs, Optional.of(new BtrfsSnapshot()));
      storage.copy(source, target, path -> true);
      assertThat(facts(target)).isEqualTo(facts(source));
      // The setting may change again: whoever made it, it goes.
      storage(btrfs, Optional.of(new FullCopy())).delete(branch);
      assertThat(branch).doesNotExist();
    }
  }

  @Test
  void aProviderThatDoesNotWorkHereIsRefused() {
    try (Mount memory = Mount.small(DISK_MEBIBYTES)) {
      for (Provider provider : List.of(new Reflink(), new BtrfsSnapshot())) {
        assertThatThrownBy(() -> storage(memory, Optional.of(provider)).probe())
            .isInstanceOfSatisfying(
                AnabranchException.class,
                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_UNABLE))
            .hasMessageContaining(provider.name());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("placesInMemory")
  void aFullDiskIsSaidToBeFullAndNothingIsLeft(Place place) throws IOException {
    try (Mount mount = place.disk.mount()) {
      Storage storage = storage(mount, Optional.of(place.provider));
      Path source = original(storage, mount.directory().resolve("data/golden/1"));
      Files.write(
          source.resolve("base/1/half"),
          new byte[(int) (Files.getFileStore(source).getUsableSpace() / 2) + FILE_BYTES]);
      storage.user().own(source);
      Path target = mount.directory().resolve("data/branches/7/data");
      assertThatThrownBy(() -> storage.copy(source, target, path -> true))
          .isInstanceOfSatisfying(
              AnabranchException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FULL));
      assertThat(target.getParent()).isEmptyDirectory();
    }
  }

  @Test
  void aBranchOnBtrfsIsASnapshotThatRuns() throws Exception {
    try (TemporaryPostgres main = TemporaryPostgres.start();
        Mount mount = Mount.btrfs(2000);
        Workshop workshop =
            new Workshop(
                    main.url("postgres"),
                    mount.directory().resolve("data"),
                    dev.anabranch.branch.golden.GoldenSurvey.none())
                .start()) {
      main.execute("CREATE TABLE t (id int)", "INSERT INTO t VALUES (1)");
      workshop.create("first");
      assertThat(workshop.ask("first", "SELECT count(*) FROM t")).containsExactly("1");
      assertThat(workshop.storage.probe().provider()).isEqualTo(new BtrfsSnapshot());
    }
  }
}
