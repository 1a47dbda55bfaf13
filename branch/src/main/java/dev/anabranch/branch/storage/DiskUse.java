package dev.anabranch.branch.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * What a directory takes of its disk.
 *
 * @param ownBytes what nothing else shares: what removing it would give back
 * @param sharedBytes what others share
 */
public record DiskUse(long ownBytes, long sharedBytes) {

  static final DiskUse NONE = new DiskUse(0, 0);

  DiskUse plus(DiskUse other) {
    return new DiskUse(ownBytes + other.ownBytes, sharedBytes + other.sharedBytes);
  }

  /** Of all files below a directory, while it is used: what vanishes meanwhile is not counted. */
  static Optional<DiskUse> of(Path directory, boolean shares) throws IOException {
    Sum sum = new Sum(shares);
    Files.walkFileTree(directory, sum);
    return sum.isKnown ? Optional.of(sum.soFar) : Optional.empty();
  }

  private static final class Sum extends SimpleFileVisitor<Path> {

    private final boolean shares;
    private DiskUse soFar = NONE;
    private boolean isKnown = true;

    private Sum(boolean shares) {
      this.shares = shares;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile()) {
        return FileVisitResult.CONTINUE;
      }
      Optional<DiskUse> use =
          shares ? Linux.use(file) : Optional.of(new DiskUse(attributes.size(), 0));
      if (use.isEmpty() && Files.exists(file)) {
        isKnown = false; // half of it would be no number
        return FileVisitResult.TERMINATE;
      }
      soFar = soFar.plus(use.orElse(NONE));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }
  }
}
