package dev.anabranch.branch.storage;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.cluster.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Has a program of the operator's make and remove copies: ZFS, LVM, a storage array.
 * docs/storage.md is the contract.
 *
 * <pre>
 * create   {"version":1,"source":"/…","target":"/…"}  →  {}              makes the target
 * destroy  {"version":1,"target":"/…"}                →  {}              removes it, or it is gone already
 * status   {"version":1,"directory":"/…"}             →  {"shared":true}
 * </pre>
 *
 * <p>A mark beside each target says which program made it. The mark is written first and removed
 * last, so that after a kill, or a change of the setting, the same program removes what it made.
 *
 * @param program its absolute path
 * @param timeout after which an attempt is killed and made once more
 */
public record ExternalCommand(Path program, Duration timeout) implements Provider {

  public static final Duration USUAL_TIMEOUT = Duration.ofMinutes(5);
  static final String SCHEME = "command:";
  private static final String MARK = ".made-by";

  static ExternalCommand parse(String text, Duration timeout) {
    if (!text.startsWith(SCHEME)) {
      throw new IllegalArgumentException(
          "give auto, reflink, btrfs-snapshot, copy, or command: and the path of a program.");
    }
    Path program = Path.of(text.substring(SCHEME.length()));
    if (!program.isAbsolute()) {
      throw new IllegalArgumentException(
          "give the program's whole path, as in command:/opt/clone.");
    }
    if (!Files.isRegularFile(program) || !Files.isExecutable(program)) {
      throw new IllegalArgumentException("there is no program " + program + " that we may run.");
    }
    return new ExternalCommand(program, timeout);
  }

  @Override
  public String name() {
    return SCHEME + program;
  }

  @Override
  public Ability tryIn(Path empty) {
    Path original = empty.resolve("original");
    Path copy = empty.resolve("copy");
    try {
      Files.createDirectory(original);
      Files.writeString(original.resolve("file"), "content");
      ExternalAnswer status = call("status", Map.of("directory", empty.toString()));
      copy(original, copy, path -> true);
      boolean whole = Files.readString(copy.resolve("file")).equals("content");
      remove(copy);
      if (!whole || Files.exists(copy, LinkOption.NOFOLLOW_LINKS)) {
        return Ability.none(program + " makes copies that differ, or leaves what it is to destroy");
      }
      return new Ability(
          true,
          status.shared(),
          status.shared()
              ? Optional.empty()
              : Optional.of(program + " says that its copies share nothing"));
    } catch (IOException | AnabranchException e) {
      return Ability.none(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void copy(Path source, Path target, Predicate<Path> wanted) throws IOException {
    Files.writeString(markOf(target), program.toString());
    call("create", Map.of("source", source.toString(), "target", target.toString()));
    requireLikeness(source, target);
    TreeCopy.removeUnwanted(target, wanted);
  }

  /** Postgres refuses a directory of another's, and nobody else may look inside. */
  private void requireLikeness(Path source, Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      throw failed("create", "it says that it made " + target + ", and there is no such directory");
    }
    if (!Files.readAttributes(source, "unix:uid,gid,mode")
        .equals(Files.readAttributes(target, "unix:uid,gid,mode"))) {
      throw failed("create", target + " has not got the owner and the mode of " + source);
    }
  }

  /**
   * What copies are first made of is filled by Postgres's own programs and renamed when it is
   * whole, so it is a plain directory.
   */
  @Override
  public void makeDirectory(Path target) throws IOException {
    Files.createDirectory(target);
  }

  @Override
  public void remove(Path target) throws IOException {
    if (Files.exists(markOf(target))) {
      call("destroy", Map.of("target", target.toString()));
    }
    Trees.delete(target);
    Files.deleteIfExists(markOf(target));
  }

  @Override
  public boolean paysPerExtent() {
    return false;
  }

  /** The program that made this directory, empty when none did. */
  static Optional<ExternalCommand> makerOf(Path target) throws IOException {
    Path mark = markOf(target);
    return Files.exists(mark)
        ? Optional.of(new ExternalCommand(Path.of(Files.readString(mark)), USUAL_TIMEOUT))
        : Optional.empty();
  }

  /** The directory that this file is the mark of, empty when it is none. */
  static Optional<Path> markedBy(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(MARK)
        ? Optional.of(file.resolveSibling(name.substring(0, name.length() - MARK.length())))
        : Optional.empty();
  }

  private static Path markOf(Path target) {
    return target.resolveSibling(target.getFileName() + MARK);
  }

  private ExternalAnswer call(String verb, Map<String, String> request) {
    return new ExternalCall(program, verb, request, timeout).make();
  }

  private AnabranchException failed(String verb, String reason) {
    return new AnabranchException(ErrorCode.STORAGE_COMMAND_FAILED, program, verb, reason);
  }
}
