package dev.anabranch.branch.golden;

import dev.anabranch.branch.storage.DataLayout;
import dev.anabranch.branch.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a crash leaves on disk. */
public final class Leftovers {

  private Leftovers() {}

  /** The data directories one level below this one. */
  public static List<Path> dataDirectories(Path parent) {
    List<Path> found = new ArrayList<>();
    for (Path child : children(parent, "*")) {
      if (Files.isDirectory(child.resolve("data"))) {
        found.add(child.resolve("data"));
      }
    }
    return found;
  }

  /** Removes the socket directories with this prefix. */
  static void removeSockets(DataLayout home, Storage storage, String prefix) {
    children(home.sockets(), prefix + "*").forEach(storage::delete);
  }

  private static List<Path> children(Path parent, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(parent)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent, glob)) {
        stream.forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException("looking through " + parent, e);
      }
    }
    return found;
  }
}
