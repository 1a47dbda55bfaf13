package dev.anabranch.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command that anybody types plays to its end. */
@Tag("postgres")
class DemoTest {

  @TempDir private Path temporary;

  @Test
  void theDemoIsPlayedToItsEndAndFindsNoFalseHold() throws IOException {
    Unpacked.Outcome outcome = Unpacked.into(temporary).anabranch("demo", "--format", "json");
    assertThat(outcome.printed())
        .contains(
            "\"falseHolds\":0,",
            "\"promotion\":{\"branch\":",
            "\"decided\":{\"branch\":",
            "\"undone\":{\"branch\":\"alice\",\"outcome\":\"landed\"");
    assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
  }
}
