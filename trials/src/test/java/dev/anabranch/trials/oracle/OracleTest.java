package dev.anabranch.trials.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The oracle, small: {@code -Doracle.seed} and {@code -Doracle.verdicts} make it another or a
 * longer one.
 */
@Tag("postgres")
final class OracleTest {

  @Test
  void noVerdictOfHoldsIsFalse() throws SQLException {
    long seed = Long.getLong("oracle.seed", System.nanoTime() & 0xFFFF);
    System.err.println("oracle seed " + seed);
    Oracle oracle = new Oracle(LiveServer.shared().product(), seed, 100, 30, System.err::println);

    Tally tally = oracle.judge(Integer.getInteger("oracle.verdicts", 300));

    System.err.println(tally.table());
    assertThat(tally.falseHolds()).as("seed %d", seed).isEmpty();
    assertThat(tally.defects()).as("seed %d", seed).isEmpty();
  }
}
