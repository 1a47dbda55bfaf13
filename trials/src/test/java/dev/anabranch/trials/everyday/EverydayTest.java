package dev.anabranch.trials.everyday;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.LiveServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Everyday work lands when main has changed nothing that it read, and waits when it has. */
@Tag("postgres")
final class EverydayTest {

  private static final int CASES = 128;

  /** Each has a reason in the table; the number only falls. */
  private static final int HELD_AT_MOST = 7;

  @Test
  void everydayWorkLands() throws IOException, SQLException {
    Path folder = Path.of(System.getProperty("anabranch.root", ".."), "trials", "everyday");

    Everyday.Outcome outcome =
        new Everyday(LiveServer.shared().product(), folder, "everyday").tell();

    System.err.println(outcome.table());
    assertThat(outcome.wronglyLanded()).isEmpty();
    assertThat(outcome.landed())
        .as(outcome.table())
        .hasSizeGreaterThanOrEqualTo(CASES - HELD_AT_MOST);
  }
}
