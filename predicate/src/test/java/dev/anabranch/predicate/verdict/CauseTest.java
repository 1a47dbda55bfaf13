package dev.anabranch.predicate.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class CauseTest {

  @Test
  void thePageOnVerdictsListsThem() throws IOException {
    Path page = Path.of(System.getProperty("anabranch.root", ".."), "docs", "verdicts.md");
    List<String> told =
        Arrays.stream(Cause.values())
            .map(cause ->
                "| `%s` | %s |".formatted(cause.name().toLowerCase(Locale.ROOT), cause.sentence()))
            .toList();
    assertThat(Files.readAllLines(page)).containsSequence(told);
  }
}
