package dev.anabranch.trials.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.cluster.Trees;
import dev.anabranch.testkit.TemporaryPostgres;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A few kills; {@link KillRun} does hundreds. */
@Tag("postgres")
class KillTest {

  @Test
  void nothingAcknowledgedIsLostAndNothingLandsTwiceOrHalf() throws Exception {
    long seed = Long.getLong("anabranch.seed", System.nanoTime());
    int rounds = Integer.getInteger("anabranch.kills", 3);
    Path home = TemporaryPostgres.temporaryDirectory("anabranch-kills-");
    KillTrial.Result result =
        new KillTrial(seed, EnumSet.allOf(Moment.class), EnumSet.allOf(Victim.class), System.out)
            .run(home, rounds);
    assertThat(result.findings()).as("seed %d, files in %s", seed, home).isEmpty();
    Trees.delete(home);
  }
}
