package dev.anabranch.trials.kill;

import dev.anabranch.cluster.Trees;
import dev.anabranch.trials.drive.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * {@code KillRun --seed 1 --rounds 200 [--moment promote] [--victim server] [--home DIR]}: hundreds
 * of kills, at every {@link Moment} or at one, of every {@link Victim} or of one. Ends with status
 * 1 when anything was wrong.
 */
public final class KillRun {

  private KillRun() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    Options options = Options.of(arguments);
    Path home = options.directory("home", "anabranch-kills-");
    KillTrial trial =
        new KillTrial(
            options.number("seed", System.nanoTime()),
            wanted(options, "moment", Moment.class),
            wanted(options, "victim", Victim.class),
            System.out);
    KillTrial.Result result = trial.run(home, (int) options.number("rounds", 60));
    System.out.printf("%d kills, %d findings%n", result.kills(), result.findings().size());
    result.findings().forEach(System.out::println);
    if (result.findings().isEmpty()) {
      Trees.delete(home);
    } else {
      System.out.println("everything is kept in " + home);
    }
    System.exit(result.findings().isEmpty() ? 0 : 1);
  }

  /** The one that was named, or all. */
  private static <E extends Enum<E>> Set<E> wanted(Options options, String option, Class<E> kind) {
    String name = options.text(option, "");
    return name.isEmpty()
        ? EnumSet.allOf(kind)
        : EnumSet.of(Enum.valueOf(kind, name.toUpperCase(Locale.ROOT)));
  }
}
