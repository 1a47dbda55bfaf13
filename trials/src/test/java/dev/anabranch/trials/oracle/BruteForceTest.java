package dev.anabranch.trials.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.testkit.TemporaryPostgres;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge is judged first: without the product, against itself. */
@Tag("postgres")
final class BruteForceTest {

  private final TemporaryPostgres postgres = TemporaryPostgres.shared();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyAnswerIsConfirmedWhileMainStandsStill(long seed) throws SQLException {
    Scenario scenario = Scenarios.make(seed, 120).withMain(List.of());

    Tally tally =
        new Round(new CredulousWorld(postgres, scenario), "still-" + seed, scenario).run();

    assertThat(tally.falseHolds()).isEmpty();
    assertThat(tally.judged()).isGreaterThan(60);
  }

  @Test
  void beliefInEveryAnswerIsFoundOutWhenMainMoves() throws SQLException {
    int found = 0;
    for (long seed = 11; seed < 15; seed++) {
      Scenario scenario = Scenarios.make(seed, 80);
      found +=
          new Round(new CredulousWorld(postgres, scenario), "moved-" + seed, scenario)
              .run()
              .falseHolds()
              .size();
    }

    assertThat(found).isGreaterThan(20);
  }
}
