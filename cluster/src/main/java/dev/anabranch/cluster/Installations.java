package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where Postgres installations are looked for: first the directories that were named, then the
 * usual places of the distributions, the search path, and at last the binaries that come with
 * Anabranch.
 *
 * @param named {@code bin} directories that a person pointed at
 * @param unpackInto where the embedded binaries go
 */
public record Installations(List<Path> named, Path unpackInto) {

  public Installations {
    named = List.copyOf(named);
  }

  /** The Postgres that comes with Anabranch. */
  public Installation embedded() {
    return Installation.embedded(unpackInto);
  }

  /**
   * An installation of this major version. One that has {@code pg_basebackup} is preferred.
   *
   * @throws AnabranchException with {@link ErrorCode#MAIN_VERSION_UNSUPPORTED} when there is none
   */
  public Installation forMajor(int major) {
    Optional<Installation> withoutBackup = Optional.empty();
    for (Path bin : candidates(major)) {
      Optional<Installation> found =
          Installation.at(bin).filter(installation -> installation.major() == major);
      if (found.isPresent() && found.get().program("pg_basebackup").isPresent()) {
        return found.get();
      }
      withoutBackup = withoutBackup.or(() -> found);
    }
    return withoutBackup
        .or(() -> Optional.of(embedded()).filter(installation -> installation.major() == major))
        .orElseThrow(() -> new AnabranchException(ErrorCode.MAIN_VERSION_UNSUPPORTED, major));
  }

  private List<Path> candidates(int major) {
    List<Path> candidates = new ArrayList<>(named);
    candidates.add(Path.of("/usr/lib/postgresql/" + major + "/bin"));
    candidates.add(Path.of("/usr/pgsql-" + major + "/bin"));
    candidates.add(Path.of("/opt/homebrew/opt/postgresql@" + major + "/bin"));
    candidates.addAll(children(Path.of("/opt"), "postgresql*"));
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (!directory.isEmpty()) {
        candidates.add(Path.of(directory));
      }
    }
    return candidates;
  }

  private static List<Path> children(Path directory, String glob) {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
        stream.forEach(child -> found.add(child.resolve("bin")));
      } catch (IOException e) {
        return List.of(); // a place we may not read holds nothing for us
      }
    }
    return found;
  }
}
