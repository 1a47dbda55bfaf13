package dev.anabranch.predicate.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The page on verdicts lists what kinds of reasons there are. */
final class CauseTest {

  @Test
  void ofUndecidedAnswers() throws IOException {
    assertListed(Cause.values(), Cause::sentence);
  }

  @Test
  void ofAnswersThatWereAskedAgain() throws IOException {
    assertListed(AskedBecause.values(), AskedBecause::sentence);
  }

  private static <E extends Enum<E>> void assertListed(E[] kinds, Function<E, String> sentence)
      throws IOException {
    Path page = Path.of(System.getProperty("anabranch.root", ".."), "docs", "verdicts.md");
    assertThat(Files.readAllLines(page))
        .containsSequence(
            Arrays.stream(kinds)
                .map(kind ->
                    "| `%s` | %s |"
                        .formatted(kind.name().toLowerCase(Locale.ROOT), sentence.apply(kind)))
                .toList());
  }
}
