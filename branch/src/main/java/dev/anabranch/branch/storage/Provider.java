package dev.anabranch.branch.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a directory tree comes to be twice: what makes a golden image of the stopped mirror, and a
 * branch of a golden image.
 *
 * <p>A provider is handed trees that nobody writes to. It keeps owners and modes. It may be killed
 * at any moment: what it left half made is removed by {@link #remove}, which is asked for the same
 * directory again after a restart.
 */
public sealed interface Provider permits Reflink, BtrfsSnapshot, FullCopy, ExternalCommand {

  /**
   * The provider of this name; empty for {@code auto}.
   *
   * @param timeout of a program's attempts
   * @throws IllegalArgumentException that says what can be given, or what is wrong with the program
   */
  static Optional<Provider> parse(String text, Duration timeout) {
    return switch (text) {
      case "auto" -> Optional.empty();
      case "reflink" -> Optional.of(new Reflink());
      case "btrfs-snapshot" -> Optional.of(new BtrfsSnapshot());
      case "copy" -> Optional.of(new FullCopy());
      default -> Optional.of(ExternalCommand.parse(text, timeout));
    };
  }

  /** Its name in the setting {@code storage}, such as {@code btrfs-snapshot}. */
  String name();

  /**
   * What it can do, found out by trying.
   *
   * @param empty a directory of its own for the trial, on the filesystem in question
   */
  Ability tryIn(Path empty);

  /**
   * Makes a copy.
   *
   * @param target does not exist; its parent does
   * @param wanted says for each path, relative to the source, whether it and all below it are to be
   *     in the copy
   */
  void copy(Path source, Path target, Predicate<Path> wanted) throws IOException;

  /** Makes an empty directory that copies are later made of. */
  void makeDirectory(Path target) throws IOException;

  /** Removes what {@link #copy} or {@link #makeDirectory} made; nothing there is no error. */
  void remove(Path target) throws IOException;

  /** Whether a file in many pieces takes longer to copy than the same file in one. */
  boolean paysPerExtent();

  /**
   * What a provider can do in one place.
   *
   * @param works whether it can be used at all
   * @param shared whether a copy costs no bytes until it is written to
   * @param hindrance why it does not work, or does not share
   */
  record Ability(boolean works, boolean shared, Optional<String> hindrance) {

    static Ability sharing() {
      return new Ability(true, true, Optional.empty());
    }

    static Ability none(String hindrance) {
      return new Ability(false, false, Optional.of(hindrance));
    }
  }
}
