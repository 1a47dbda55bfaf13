package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.SystemUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk below the data directory: makes and removes copies of data directories, through the one
 * {@link Provider} that was chosen.
 */
public final class Storage {

  private static final Logger log = LoggerFactory.getLogger(Storage.class);

  /**
   * What XFS allocates at a first write to a shared block: a page of Postgres. With its own 128 KiB
   * a branch that updates a row here and there fills the disk 15 times as fast, and is not quicker
   * (docs/storage.md has the figures).
   */
  private static final int COW_EXTENT_BYTES = 8192;

  private static final int MEBIBYTE_SHIFT = 20;

  private final DataLayout home;
  private final SystemUser user;
  private final Optional<Provider> wanted;
  private final ReentrantLock choosing = new ReentrantLock();

  private volatile Optional<Sharing> chosen = Optional.empty(); // written under the lock

  /** With the best provider that works here. */
  public Storage(DataLayout home, SystemUser user) {
    this(home, user, Optional.empty());
  }

  /**
   * @param wanted the provider to use; empty: the best that works here
   */
  public Storage(DataLayout home, SystemUser user, Optional<Provider> wanted) {
    this.home = home;
    this.user = user;
    this.wanted = wanted;
  }

  /**
   * How copies are made here, found out by trying.
   *
   * @param provider makes them
   * @param shared true when a branch costs no bytes until it is written to
   * @param filesystem its type, such as xfs
   */
  public record Sharing(Provider provider, boolean shared, String filesystem) {

    /** One sentence for start-up. */
    public String sentence() {
      if (shared) {
        return String.format(
            Locale.ROOT,
            "branches share their blocks with main's image (%s on %s)",
            provider.name(),
            filesystem);
      }
      return switch (provider) {
        case FullCopy ignored ->
            "branches are full copies on "
                + filesystem
                + ": `anabranch storage check` says how they could share blocks";
        case Reflink _, BtrfsSnapshot _, ExternalCommand _ ->
            "branches are full copies, says " + provider.name();
      };
    }
  }

  /** The system user that owns everything here. */
  public SystemUser user() {
    return user;
  }

  /**
   * Chooses the provider, once.
   *
   * @throws AnabranchException with {@link ErrorCode#STORAGE_UNABLE} when the one that was asked
   *     for does not work here
   */
  public Sharing probe() {
    if (chosen.isEmpty()) {
      choosing.lock();
      try {
        if (chosen.isEmpty()) {
          chosen = Optional.of(choose());
        }
      } finally {
        choosing.unlock();
      }
    }
    return chosen.orElseThrow();
  }

  private Sharing choose() {
    FilesystemProbe ground = FilesystemProbe.of(user.makePrivateDirectory(home.scratch()));
    allocateByPage();
    if (wanted.isPresent()) {
      Provider.Ability ability = ground.trial(wanted.get());
      if (!ability.works()) {
        throw new AnabranchException(
            ErrorCode.STORAGE_UNABLE, wanted.get().name(), ability.hindrance().orElse("it failed"));
      }
      return new Sharing(wanted.get(), ability.shared(), ground.filesystem());
    }
    Provider best = ground.best();
    return new Sharing(best, ground.trial(best).shared(), ground.filesystem());
  }

  /** What is made in these directories from now on inherits it; only XFS knows it. */
  private void allocateByPage() {
    for (Path directory :
        List.of(
            home.directory(),
            home.mirror(),
            home.history(),
            home.golden(),
            home.branches(),
            home.scratch())) {
      if (Files.isDirectory(directory)) {
        try {
          Linux.setCowExtentSize(directory, COW_EXTENT_BYTES);
        } catch (IOException e) {
          log.debug("{} keeps its own allocation size: {}", directory, e.getMessage());
        }
      }
    }
  }

  private Provider provider() {
    return probe().provider();
  }

  /**
   * Copies a data directory that no Postgres is writing to. Owner and modes are kept.
   *
   * @param wanted says for each path, relative to the source, whether it and all below it are
   *     copied
   * @throws AnabranchException with {@link ErrorCode#STORAGE_FULL}; the target is removed again
   */
  public void copy(Path source, Path target, Predicate<Path> wanted) {
    filling(target, () -> provider().copy(source, target, wanted));
  }

  /** Copies single files into a directory that is there, sharing blocks where that can be. */
  public void copyFiles(List<Path> files, Path directory) {
    filling(
        directory,
        () -> {
          TreeCopy.Copier copier = TreeCopy.sharing();
          for (Path file : files) {
            copier.copy(file, directory.resolve(file.getFileName()));
          }
        });
  }

  /**
   * Copies the data directory of a running Postgres that a base backup protects, every byte: main's
   * own files must not share blocks with anybody, or main would pay for it when it writes.
   */
  public void copyLive(Path source, Path target, Predicate<Path> wanted) {
    filling(target, () -> TreeCopy.run(source, target, wanted, TreeCopy.copying()));
  }

  /** Makes an empty private directory that {@link #copy} can make copies of later. */
  public void makeDirectory(Path directory) {
    filling(directory, () -> provider().makeDirectory(directory));
    user.makePrivateDirectory(directory);
  }

  /** What may run out of room. */
  @FunctionalInterface
  private interface Filling {
    void run() throws IOException;
  }

  private void filling(Path target, Filling filling) {
    user.makePrivateDirectory(parentOf(target));
    try {
      filling.run();
    } catch (IOException e) {
      throw cleared(target, failure(target, e));
    } catch (UncheckedIOException e) {
      // the second exception keeps the reason in its message
      throw cleared(target, failure(target, new IOException(e)));
    } catch (AnabranchException e) {
      throw cleared(target, e);
    }
  }

  /** The failure itself matters more than one to clear up after it. */
  private RuntimeException cleared(Path target, RuntimeException failure) {
    try {
      delete(target);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /**
   * Returns when all that is in this directory survives a power cut. One syncfs(2): to ask for each
   * file by itself took longer on every filesystem (docs/storage.md has the figures).
   */
  public void makeDurable(Path directory) {
    try {
      Linux.syncFilesystem(directory);
      // Where the directory is a filesystem of its own, its entry is in another.
      Linux.syncFilesystem(parentOf(directory));
    } catch (IOException e) {
      throw failure(directory, e);
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  /**
   * Makes a stopped cluster's directory quick to copy where copies cost by the pieces that files
   * lie in; does nothing when they lie well. It helps and is never needed, so it does not fail.
   */
  public void densify(Path directory, Urgency urgency) {
    if (!provider().paysPerExtent()) {
      return;
    }
    try {
      Defragmenter.Rewritten rewritten =
          new Defragmenter(home.scratch(), Defragmenter.USUAL_BYTES, urgency).mend(directory);
      if (rewritten.files() > 0) {
        log.info(
            "{} files ({} MB) lay in many pieces and are whole again",
            rewritten.files(),
            rewritten.bytes() >> MEBIBYTE_SHIFT);
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("{} stays slow to copy: {}", directory, e.getMessage());
    }
  }

  /**
   * What a directory takes of the disk, by itself and with others; empty when the filesystem does
   * not tell. It looks at each file: nobody should wait for it.
   */
  public Optional<DiskUse> use(Path directory) {
    try {
      return DiskUse.of(directory, probe().shared());
    } catch (IOException e) {
      throw new UncheckedIOException("measuring " + directory, e);
    }
  }

  /** Removes a directory and the copies in it; one that is not there is no error. */
  public void delete(Path directory) {
    try {
      remove(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("removing " + directory, e);
    }
  }

  /**
   * Whoever made it: the setting may have changed since. Copies lie at most one level below what is
   * removed in one go, such as {@code branches/17/data}.
   */
  private static void remove(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      for (Path child : children(directory)) {
        Optional<Path> marked = ExternalCommand.markedBy(child);
        if (marked.isPresent()) {
          removeCopy(marked.get());
        } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          removeCopy(child);
        }
      }
    }
    removeCopy(directory);
  }

  private static void removeCopy(Path directory) throws IOException {
    Optional<ExternalCommand> maker = ExternalCommand.makerOf(directory);
    if (maker.isPresent()) {
      maker.get().remove(directory);
    } else {
      BtrfsSnapshot.removeSubvolume(directory);
    }
  }

  /** Removes every child of this directory except those named: what a crash left behind. */
  public List<String> deleteAllBut(Path directory, Set<String> keep) {
    Set<String> removed = new HashSet<>();
    if (Files.isDirectory(directory)) {
      try {
        for (Path child : children(directory)) {
          String name = child.getFileName().toString();
          if (!keep.contains(name)) {
            remove(child);
            removed.add(name);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("looking through " + directory, e);
      }
    }
    return removed.stream().sorted().toList();
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.toList();
    }
  }

  private static RuntimeException failure(Path where, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left on device") || message.contains("Disk quota exceeded")
        ? new AnabranchException(ErrorCode.STORAGE_FULL, e, where)
        : new UncheckedIOException("copying to " + where, e);
  }
}
