package dev.anabranch.trials.cycles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import dev.anabranch.trials.LiveServer;
import dev.anabranch.trials.drive.Address;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cycles, small: {@code -Dcycles.seed} and {@code -Dcycles.promotions} make them others or
 * more.
 */
@Tag("postgres")
final class CyclesTest {

  @Test
  void nothingLandsOnAPremiseThatIsGone() throws SQLException {
    long seed = Long.getLong("cycles.seed", 4);
    System.err.println("cycles seed " + seed);
    Address judge = Address.parse(TemporaryPostgres.shared().url("postgres"));
    CyclesOracle oracle =
        new CyclesOracle(LiveServer.shared().product(), judge, seed, 10, System.err::println);

    Tally tally = oracle.judge(Integer.getInteger("cycles.promotions", 6));

    System.err.println(tally.table(true));
    assertThat(tally.wrongs()).as("seed %d", seed).isEmpty();
  }
}
