package dev.anabranch.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerTimesTest {

  private static final Instant FORK = Instant.parse("2026-11-20T10:00:00Z");

  private static AnswerSeen answer(long id, String verdict, String askedAt, List<?> evidence) {
    return ApiCalls.JSON.convertValue(
        Map.of(
            "id",
            id,
            "sql",
            "SELECT 1",
            "askedAt",
            askedAt,
            "verdict",
            verdict,
            "evidence",
            evidence),
        AnswerSeen.class);
  }

  private static Map<String, Object> row(String lsn, String at) {
    return Map.of("table", "t", "key", Map.of("id", "1"), "change", "insert", "lsn", lsn, "at", at);
  }

  @Test
  void aChangedAnswerLeadsToTheCommitsThatDidIt() {
    AnswerTimes times =
        AnswerTimes.of(
                FORK,
                List.of(
                    answer(1, "holds", "2026-11-20T10:00:00Z", List.of()),
                    answer(
                        2,
                        "changed",
                        "2026-11-20T10:30:00Z",
                        List.of(
                            row("0/A", "2026-11-20T10:45:00Z"),
                            row("0/A", "2026-11-20T10:45:00Z"),
                            row("0/B", "2026-11-20T11:00:00Z")))),
                FORK.plusSeconds(3600))
            .orElseThrow();
    assertThat(times.asked()).extracting(AnswerTimes.Asked::x).containsExactly("8.0", "500.0");
    assertThat(times.commits()).extracting(AnswerTimes.Commit::x).containsExactly("746.0", "992.0");
    assertThat(times.links())
        .containsExactly(
            new AnswerTimes.Link("500.0", "746.0"), new AnswerTimes.Link("500.0", "992.0"));
    assertThat(times.described()).startsWith("2 answers above, 1 changed; 2 commits of main below");
  }

  @Test
  void withoutAnswersThereIsNothingToDraw() {
    assertThat(AnswerTimes.of(FORK, List.of(), FORK)).isEmpty();
  }
}
