package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Clones file by file, sharing every block: XFS, btrfs, and whatever else FICLONE works on. What a
 * clone costs depends on the number of files and of the pieces they lie in, not on their bytes.
 */
public record Reflink() implements Provider {

  private static final int PROBE_BYTES = 1 << 16;

  @Override
  public String name() {
    return "reflink";
  }

  @Override
  public Ability tryIn(Path empty) {
    Path original = empty.resolve("probe");
    Path clone = empty.resolve("probe-clone");
    try {
      Files.write(original, new byte[PROBE_BYTES]);
      // Files.copy would copy, and say nothing, where the filesystem can't share.
      Linux.reflink(original, clone);
      return Ability.sharing();
    } catch (IOException e) {
      return Ability.none("this filesystem does not reflink: " + Linux.reason(e));
    }
  }

  @Override
  public void copy(Path source, Path target, Predicate<Path> wanted) throws IOException {
    TreeCopy.run(source, target, wanted, TreeCopy.reflinking());
  }

  @Override
  public void makeDirectory(Path target) throws IOException {
    Files.createDirectory(target);
  }

  @Override
  public void remove(Path target) throws IOException {
    Trees.delete(target);
  }

  @Override
  public boolean paysPerExtent() {
    return true;
  }
}
