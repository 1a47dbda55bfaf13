package dev.anabranch.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {

  private static final Path PAGE =
      Path.of(System.getProperty("anabranch.root"), "docs", "errors.md");

  @Test
  void numbersAreUniqueAndGrow() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number))
        .doesNotHaveDuplicates()
        .isSorted();
  }

  @Test
  void everyCodeHasAnSqlStateAnHttpStatusAndOneSentence() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(code.sqlState()).as(code.name()).matches("[0-9A-Z]{5}");
      assertThat(code.httpStatus()).as(code.name()).isBetween(400, 599);
      assertThat(code.sentence()).as(code.name()).doesNotContain("\n").matches(".*[.%s]$|.*%s$");
    }
  }

  /** Rewrite the page with {@code mvn test -pl base -Danabranch.docs.write=true}. */
  @Test
  void thePageOfErrorsSaysTheSame() throws IOException {
    if (Boolean.getBoolean("anabranch.docs.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("docs/errors.md is generated from ErrorCode")
        .isEqualTo(page());
  }

  private static String page() {
    String rows =
        Arrays.stream(ErrorCode.values())
            .map(code ->
                "| AB-%d | `%s` | %s | %d | %s |"
                    .formatted(
                        code.number(),
                        code.slug(),
                        code.sqlState(),
                        code.httpStatus(),
                        code.sentence().replace("%s", "…").replace("|", "\\|")))
            .collect(Collectors.joining("\n"));
    return """
    # Errors

    Every failure has one number, shown alike at the command line, in HTTP (`problem+json`) and on the wire
    (SQLSTATE). This page is generated from `ErrorCode`; `…` stands for a detail.

    | number | word | SQLSTATE | HTTP | sentence |
    |---|---|---|---|---|
    """
        + rows
        + "\n";
  }
}
