package dev.anabranch.trials.soak;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.drive.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * {@code SoakRun --minutes 10 --visitors 3 --clients 4 --rate 100 --scale 2 --seed 1}. Ends with
 * status 1 when anything was wrong.
 */
public final class SoakRun {

  private SoakRun() {}

  public static void main(String[] arguments) throws Exception {
    Options options = Options.of(arguments);
    SoakTrial.Size size =
        new SoakTrial.Size(
            options.number("seed", System.nanoTime()),
            Duration.ofMinutes(options.number("minutes", 10)),
            (int) options.number("visitors", 3),
            (int) options.number("clients", 4),
            (int) options.number("rate", 100),
            (int) options.number("scale", 2));
    Path pgbench =
        Pgbench.find()
            .orElseThrow(
                () -> new IllegalStateException("There is no pgbench on the PATH: install it."));
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-soak-");
    List<String> findings = new SoakTrial(size, System.out).run(home, pgbench);
    System.out.println(findings.size() + " findings");
    findings.forEach(System.out::println);
    if (findings.isEmpty()) {
      Trees.delete(home);
    } else {
      System.out.println("everything is kept in " + home);
    }
    System.exit(findings.isEmpty() ? 0 : 1);
  }
}
