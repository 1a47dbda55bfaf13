package dev.anabranch.trials.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A short soak; {@link SoakRun} takes its time. */
@Tag("postgres")
class SoakTest {

  @Test
  void nothingFailsAndNothingLeaksUnderLoad() throws Exception {
    Optional<Path> pgbench = Pgbench.find();
    assumeTrue(pgbench.isPresent(), "NOT RUN: there is no pgbench on the PATH");
    long seed = Long.getLong("anabranch.seed", System.nanoTime());
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-soak-");
    SoakTrial.Size size = new SoakTrial.Size(seed, Duration.ofSeconds(15), 2, 2, 40, 1);
    assertThat(new SoakTrial(size, System.out).run(home, pgbench.get()))
        .as("seed %d, files in %s", seed, home)
        .isEmpty();
    Trees.delete(home);
  }
}
