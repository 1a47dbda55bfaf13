package dev.anabranch.mainfeed.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.mainfeed.store.FeedStore;
import dev.anabranch.testkit.Await;
import dev.anabranch.testkit.ControlDatabase;
import dev.anabranch.testkit.TemporaryPostgres;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The log of a main where a transaction is left open can't be read yet; it is said which. */
@Tag("postgres")
class BusyMainTest {

  @Test
  void aPreparedTransactionThatIsInTheWayIsNamed() {
    try (TemporaryPostgres main =
            TemporaryPostgres.start(Map.of("max_prepared_transactions", "2"));
        HikariDataSource control = ControlDatabase.fresh(TemporaryPostgres.shared());
        FeedSupervisor feed =
            new FeedSupervisor(
                FeedSettings.of(main.jdbcUrl(), new Properties(), "t"), new FeedStore(control))) {
      main.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "BEGIN",
          "INSERT INTO t VALUES (1)",
          "PREPARE TRANSACTION 'forgotten'");
      feed.start();

      Await.until(() -> refusal(feed).code() == ErrorCode.MAIN_BUSY, Duration.ofMinutes(1));
      assertThat(refusal(feed))
          .hasMessageContaining("the prepared transaction 'forgotten' of database postgres")
          .hasMessageContaining("ROLLBACK PREPARED 'forgotten'");

      main.execute("ROLLBACK PREPARED 'forgotten'");
      feed.awaitStreaming(Duration.ofMinutes(1));
    }
  }

  private static AnabranchException refusal(FeedSupervisor feed) {
    return assertThrows(
        AnabranchException.class, () -> feed.awaitStreaming(Duration.ofMillis(100)));
  }
}
