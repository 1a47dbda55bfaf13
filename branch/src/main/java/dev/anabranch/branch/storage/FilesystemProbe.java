package dev.anabranch.branch.storage;

import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The filesystem below one directory, and what can be done on it.
 *
 * @param directory exists; trials are made inside it
 * @param filesystem its type, such as xfs
 * @param freeBytes what we may still write
 * @param totalBytes its size
 */
public record FilesystemProbe(Path directory, String filesystem, long freeBytes, long totalBytes) {

  private static final String TRIAL = "storage-trial";

  /** In this order: what costs least per clone first. */
  private static final List<Provider> OWN =
      List.of(new BtrfsSnapshot(), new Reflink(), new FullCopy());

  public static FilesystemProbe of(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return new FilesystemProbe(
          directory, store.type(), store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      throw new UncheckedIOException("looking at the filesystem of " + directory, e);
    }
  }

  /** The providers that come with Anabranch, the best first. */
  static List<Provider> own() {
    return OWN;
  }

  /** The first of ours that works here. */
  Provider best() {
    for (Provider provider : OWN) {
      if (trial(provider).works()) {
        return provider;
      }
    }
    return new FullCopy();
  }

  /** Finds out what a provider can do here. */
  Provider.Ability trial(Provider provider) {
    try {
      Path place = Files.createTempDirectory(directory, TRIAL);
      try {
        return provider.tryIn(place);
      } finally {
        Trees.delete(place);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("trying " + provider.name() + " in " + directory, e);
    }
  }
}
