package dev.anabranch.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Answers that were kept out are told together where they belong together, and only there. */
class WithheldTest {

  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID TWO = new UUID(0, 2);

  private static Answer given(long tick, UUID session, String task) {
    return new Answer(
        tick,
        new BranchId(1),
        session,
        Task.parse(task),
        tick,
        tick,
        new Span(tick, tick + 1),
        new OwnWrites.None(),
        new Question("", List.of(), new TreeMap<>()),
        new Result(List.of(), 0, true, false, 0, 0, Optional.empty()),
        "",
        NOON.plusSeconds(tick));
  }

  @Test
  void oneSessionsAnswersOfOneTaskAndOneGoAreOne() {
    Answer kept = given(15, ONE, "");
    List<Answer> together =
        Withheld.together(
            List.of(
                given(10, ONE, "").withheldSince(NOON),
                kept,
                given(20, TWO, "").withheldSince(NOON),
                given(30, ONE, "").withheldSince(NOON),
                given(40, ONE, "another").withheldSince(NOON),
                given(50, ONE, "").withheldSince(NOON.plusSeconds(45)),
                given(60, ONE, "").withheldSince(NOON)));
    assertThat(together).extracting(Answer::id).containsExactly(10L, 15L, 20L, 40L, 50L);
    assertThat(together.get(1)).isEqualTo(kept);
    Answer first = together.getFirst();
    assertThat(first.withheld()).contains(new Withheld(NOON, NOON.plusSeconds(60), 3));
    assertThat(first.span()).isEqualTo(new Span(10, 61));
    assertThat(first.transaction()).isEqualTo(10);
    assertThat(first.withheld().orElseThrow().clause(first))
        .isEqualTo(
            "session 00000000-0000-0000-0000-000000000001 kept 3 answers out of the ledger, from"
                + " 2026-11-20T12:00:00Z to 2026-11-20T12:01:00Z");
    assertThat(together.get(3).withheld().orElseThrow().clause(together.get(3)))
        .contains("(task 'another') kept an answer out of the ledger");
  }
}
