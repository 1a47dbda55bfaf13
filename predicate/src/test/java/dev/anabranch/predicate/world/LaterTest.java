package dev.anabranch.predicate.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.base.BranchId;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.OwnWrites;
import dev.anabranch.ledger.Question;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LaterTest {

  private static final String TENANT = "app.tenant";

  @Test
  void asItWasFound() {
    assertThat(next(Map.of(TENANT, "one"), true, Map.of()).isAsFound(TENANT, "one")).isTrue();
    assertThat(next(Map.of(TENANT, "two"), true, Map.of()).isAsFound(TENANT, "one")).isFalse();
    assertThat(next(Map.of(TENANT, "two"), true, Map.of()).differs(ran("one"))).isTrue();
  }

  @Test
  void whatATransactionBeganUnderComesBackWithItsEnd() {
    Map<String, String> before = Map.of(TENANT, "");
    assertThat(next(Map.of(TENANT, ""), false, before).isAsFound(TENANT, "one")).isTrue();
    assertThat(next(Map.of(TENANT, ""), true, before).isAsFound(TENANT, "one")).isFalse();
    assertThat(next(Map.of(TENANT, ""), false, Map.of()).isAsFound(TENANT, "one")).isFalse();
    assertThat(next(Map.of(TENANT, "two"), false, before).isAsFound(TENANT, "one")).isFalse();
  }

  @Test
  void whatWordsHaveSetIsNotCompared() {
    Later later = next(Map.of(TENANT, "two", Question.SET_BY_WORDS, "a," + TENANT), true, Map.of());
    assertThat(later.differs(ran("one"))).isFalse();
    assertThat(later.isCompared(ran("one"), TENANT)).isFalse();
    assertThat(
            next(Map.of(TENANT, "two", Question.SET_BY_WORDS, "*"), true, Map.of()).names(ran("")))
        .isEmpty();
  }

  @Test
  void whatLastsIsAskedWhereItMayTell() {
    Later later = next(Map.of(TENANT, "one"), false, Map.of());
    assertThat(later.asksWhatLasts(Map.of(TENANT, "one"))).isFalse();
    assertThat(later.asksWhatLasts(Map.of(TENANT, "two"))).isTrue();
    assertThat(next(Map.of(TENANT, "one"), true, Map.of()).asksWhatLasts(Map.of(TENANT, "two")))
        .isFalse();
  }

  private static Later next(
      Map<String, String> settings, boolean sameTransaction, Map<String, String> before) {
    return new Later(question(settings), sameTransaction, true, List.of(before));
  }

  private static Question question(Map<String, String> settings) {
    return new Question("SELECT 1", List.of(), new TreeMap<>(settings));
  }

  private static Answer ran(String tenant) {
    return new Answer(
        1,
        new BranchId(1),
        UUID.randomUUID(),
        new Task.SessionAlone(),
        1,
        1,
        new Span(1, 2),
        new OwnWrites.None(),
        question(Map.of(TENANT, tenant)),
        Outcome.NO_ROWS,
        "SELECT 1",
        Instant.EPOCH);
  }
}
