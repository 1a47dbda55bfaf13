package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many extents the files of a stopped cluster have, and how they are defragmented: by a plain
 * copy of each file that takes the original's name when it is on the disk.
 *
 * <p>A file that shares blocks is fragmented by what is written to it, and each of its clones then
 * costs some 15 microseconds per extent. The mirror is such a file's owner: what is rewritten in it
 * is defragmented in every image from then on.
 *
 * @param scratch a directory on the same filesystem, emptied after a crash
 * @param mostBytes how much is rewritten in one go, because the mirror stands still meanwhile; the
 *     rest waits for the next time
 * @param urgency how bad a file must be
 */
record Defragmenter(Path scratch, long mostBytes, Urgency urgency) {

  /** About as long as a stopped mirror may be kept waiting: a second or two of writing. */
  static final long USUAL_BYTES = 1L << 30;

  /** Fewer pieces than this cost a clone less than a millisecond, whatever the file's size. */
  private static final int FEW_EXTENTS = 64;

  /** A rewritten file needs room beside the old one, and others need room too. */
  private static final long FREE_SHARE = 4;

  /** A file in too many pieces. */
  private record Broken(Path file, long bytes, int extents) {

    double extentsPerByte() {
      return (double) extents / Math.max(1, bytes);
    }
  }

  /**
   * What was done.
   *
   * @param files how many were rewritten
   * @param bytes how large they are together
   */
  record Rewritten(int files, long bytes) {}

  /** Rewrites the files in too many pieces, the worst first, until enough is rewritten. */
  Rewritten mend(Path directory) throws IOException {
    List<Broken> worstFirst = broken(directory);
    worstFirst.sort(Comparator.comparingDouble(Broken::extentsPerByte).reversed());
    TreeCopy.Copier copier = TreeCopy.copyingDurably();
    int files = 0;
    long bytes = 0;
    for (Broken broken : worstFirst) {
      boolean room = Files.getFileStore(scratch).getUsableSpace() / FREE_SHARE > broken.bytes();
      if (room && bytes + broken.bytes() <= mostBytes) {
        rewrite(broken.file(), copier);
        files++;
        bytes += broken.bytes();
      }
    }
    return new Rewritten(files, bytes);
  }

  private void rewrite(Path file, TreeCopy.Copier copier) throws IOException {
    Path place = Files.createTempDirectory(scratch, "density");
    try {
      Path whole = place.resolve("file");
      copier.copy(file, whole);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Trees.delete(place);
    }
  }

  private List<Broken> broken(Path directory) throws IOException {
    List<Broken> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // Each piece has a page at least: a file of few pages can't be in many.
            if (attributes.isRegularFile() && attributes.size() > FEW_EXTENTS * 4096L) {
              int extents = Linux.extents(file).orElse(0);
              if (isBroken(attributes.size(), extents)) {
                found.add(new Broken(file, attributes.size(), extents));
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private boolean isBroken(long bytes, int extents) {
    return extents > FEW_EXTENTS && bytes / extents < urgency.largeExtentBytes();
  }
}
