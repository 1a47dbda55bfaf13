package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a directory's filesystem can do for branches, found out by trying everything.
 *
 * @param directory where it was tried
 * @param filesystem its type
 * @param freeBytes what we may still write there
 * @param totalBytes its size
 * @param trials each provider's, the best first
 */
public record StorageBenchmark(
    Path directory, String filesystem, long freeBytes, long totalBytes, List<Trial> trials) {

  private static final String PLACE = "storage-check";
  private static final int SMALL_FILES = 128;
  private static final int SMALL_BYTES = 16 << 10;
  private static final int LARGE_FILES = 2;
  private static final int LARGE_BYTES = 15 << 20;
  private static final int CLONES = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  /** How large the directory is that is cloned for trial. */
  public static final long TRIAL_BYTES =
      (long) SMALL_FILES * SMALL_BYTES + (long) LARGE_FILES * LARGE_BYTES;

  /**
   * Trial directories and their copies, for two providers that share nothing, and some to spare.
   */
  private static final long NEEDED_BYTES = 3L * (CLONES + 1) * TRIAL_BYTES;

  public StorageBenchmark {
    trials = List.copyOf(trials);
  }

  /**
   * One provider's trial.
   *
   * @param provider which
   * @param ability what it can do
   * @param cost empty when it does not work, or there was no room to measure
   */
  public record Trial(Provider provider, Provider.Ability ability, Optional<Cost> cost) {}

  /**
   * What a clone of {@link #TRIAL_BYTES} cost.
   *
   * @param millis the median of a few
   * @param bytes how much less room there was afterwards, whoever took it
   */
  public record Cost(double millis, long bytes) {}

  /**
   * Tries all providers there are here.
   *
   * @param directory need not exist: then the nearest directory above it that does is looked at
   * @param wanted the provider that was asked for, tried as well
   * @throws AnabranchException when nothing can be written there
   */
  public static StorageBenchmark of(Path directory, Optional<Provider> wanted) {
    Path existing = directory.toAbsolutePath().normalize();
    while (!Files.isDirectory(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    List<Provider> providers = new ArrayList<>(FilesystemProbe.own());
    wanted.filter(provider -> !providers.contains(provider)).ifPresent(providers::addFirst);
    try {
      Path place = Files.createTempDirectory(existing, PLACE);
      try {
        return survey(existing, place, providers);
      } finally {
        Trees.delete(place);
      }
    } catch (IOException e) {
      throw new AnabranchException(
          ErrorCode.REQUEST_INVALID,
          e,
          "Nothing can be tried in "
              + existing
              + " ("
              + e.getMessage()
              + "): give another --data, or run this as the user that the server runs as.");
    }
  }

  /**
   * Everything is kept until the end: XFS frees what is removed when it likes, and room that comes
   * back meanwhile would look like a copy that cost nothing.
   */
  private static StorageBenchmark survey(Path directory, Path place, List<Provider> providers)
      throws IOException {
    FilesystemProbe ground = FilesystemProbe.of(place);
    List<Trial> trials = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    try {
      for (Provider provider : providers) {
        Provider.Ability ability = ground.trial(provider);
        Optional<Cost> cost = Optional.empty();
        if (ability.works() && ground.freeBytes() > NEEDED_BYTES) {
          Path room = Files.createTempDirectory(place, "cost");
          Measurement measurement = new Measurement(provider, room);
          measurements.add(measurement);
          cost = Optional.of(measurement.run());
        }
        trials.add(new Trial(provider, ability, cost));
      }
    } finally {
      for (Measurement measurement : measurements) {
        measurement.remove();
      }
    }
    return new StorageBenchmark(
        directory, ground.filesystem(), ground.freeBytes(), ground.totalBytes(), trials);
  }

  /** A directory and some copies of it. */
  private record Measurement(Provider provider, Path room) {

    Cost run() throws IOException {
      provider.makeDirectory(original());
      fill(original());
      Linux.syncFilesystem(room);
      long before = FilesystemProbe.of(room).freeBytes();
      double[] millis = new double[CLONES];
      millis[0] = copy(0);
      Linux.syncFilesystem(room);
      long bytes = Math.max(0, before - FilesystemProbe.of(room).freeBytes());
      for (int number = 1; number < CLONES; number++) {
        millis[number] = copy(number);
      }
      Arrays.sort(millis);
      return new Cost(millis[CLONES / 2], bytes);
    }

    private double copy(int number) throws IOException {
      long start = System.nanoTime();
      provider.copy(original(), copyOf(number), path -> true);
      return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    private Path original() {
      return room.resolve("original");
    }

    private Path copyOf(int number) {
      return room.resolve("copy-" + number);
    }

    void remove() throws IOException {
      for (int number = 0; number < CLONES; number++) {
        provider.remove(copyOf(number));
      }
      provider.remove(original());
    }
  }

  /**
   * As in a small cluster: many small files and a few large ones, of bytes that do not compress.
   */
  private static void fill(Path directory) throws IOException {
    byte[] noise = new byte[LARGE_BYTES];
    new Random(0).nextBytes(noise);
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.write(directory.resolve("small-" + i), Arrays.copyOf(noise, SMALL_BYTES));
    }
    for (int i = 0; i < LARGE_FILES; i++) {
      Files.write(directory.resolve("large-" + i), noise);
    }
  }

  /** The best of those that work. */
  public Trial best() {
    return trials.stream().filter(trial -> trial.ability().works()).findFirst().orElseThrow();
  }

  /** The provider's trial, if it was tried. */
  public Optional<Trial> of(Provider provider) {
    return trials.stream().filter(trial -> trial.provider().equals(provider)).findFirst();
  }
}
