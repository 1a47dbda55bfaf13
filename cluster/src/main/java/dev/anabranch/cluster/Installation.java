package dev.anabranch.cluster;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of one Postgres release on this machine.
 *
 * @param bin the directory with {@code postgres} and {@code initdb}
 * @param major its major version, such as 18
 * @param version its full version, such as 18.6
 */
public record Installation(Path bin, int major, String version) {

  private static final Pattern VERSION = Pattern.compile("PostgreSQL\\) ((\\d+)[^ \\n]*)");

  /** What lies in this directory, if it is a Postgres that runs here. */
  public static Optional<Installation> at(Path bin) {
    Path postgres = bin.resolve("postgres");
    if (!Files.isExecutable(postgres) || !Files.isExecutable(bin.resolve("initdb"))) {
      return Optional.empty();
    }
    Program.Outcome outcome = Program.run(List.of(postgres.toString(), "--version"));
    Matcher matcher = VERSION.matcher(outcome.output());
    return outcome.succeeded() && matcher.find()
        ? Optional.of(new Installation(bin, Integer.parseInt(matcher.group(2)), matcher.group(1)))
        : Optional.empty();
  }

  /**
   * The Postgres that comes with Anabranch, unpacked below this directory the first time.
   *
   * @throws AnabranchException when there is none for this kind of machine
   */
  public static Installation embedded(Path directory) {
    return at(EmbeddedBinaries.unpack(directory).resolve("bin"))
        .orElseThrow(() ->
            new AnabranchException(
                ErrorCode.POSTGRES_FAILED,
                "unpacking its binaries",
                "they do not run on this machine."));
  }

  /**
   * The full path of one of its programs, if this installation has it: the embedded one has no
   * {@code pg_basebackup}.
   */
  public Optional<Path> program(String name) {
    Path program = bin.resolve(name);
    return Files.isExecutable(program) ? Optional.of(program) : Optional.empty();
  }

  /**
   * Runs one of its programs as this user.
   *
   * @param doing completes "Postgres failed while ..."
   */
  public String run(
      SystemUser user,
      String doing,
      Map<String, String> environment,
      String program,
      List<String> arguments) {
    java.util.ArrayList<String> command = new java.util.ArrayList<>();
    command.add(bin.resolve(program).toString());
    command.addAll(arguments);
    return Program.mustRun(doing, user.command(command), environment);
  }
}
