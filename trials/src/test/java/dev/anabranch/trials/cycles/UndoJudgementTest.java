package dev.anabranch.trials.cycles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.trials.cycles.MainState.RowId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The judge of undoings is judged: it says nothing of what is right, and finds what is wrong. */
final class UndoJudgementTest {

  private static final MainState BEFORE = state("1", "10", "Oslo", "2", "20", "Oslo");
  private static final MainState PROMOTED = state("1", "11", "Oslo", "3", "30", "Rome");

  @Test
  void whatIsTakenBackWhereNobodyEditedItIsRight() {
    MainState edited = state("1", "11", "Lima", "3", "30", "Rome");
    MainState undone = state("1", "10", "Lima", "2", "20", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("landed", undone))
        .isEmpty();
  }

  @Test
  void whatWasEditedMayStay() {
    MainState edited = state("1", "12", "Oslo", "3", "30", "Rome");
    MainState undone = state("1", "12", "Oslo", "2", "20", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("partial", undone))
        .isEmpty();
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("landed", undone))
        .isNotEmpty();
  }

  @Test
  void anEditThatIsOverwrittenIsFound() {
    MainState edited = state("1", "12", "Oslo", "3", "30", "Rome");
    MainState undone = state("1", "10", "Oslo", "2", "20", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("partial", undone))
        .anyMatch(wrong -> wrong.contains("was edited since"));
  }

  @Test
  void aCellThatIsSetBackBesidesIsFound() {
    MainState edited = state("1", "11", "Lima", "3", "30", "Rome");
    MainState undone = state("1", "10", "Oslo", "2", "20", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("landed", undone))
        .isNotEmpty();
  }

  @Test
  void aRowThatThePromotionDidNotWriteIsFound() {
    MainState edited = state("1", "11", "Oslo", "3", "30", "Rome", "9", "90", "Bern");
    MainState undone = state("1", "10", "Oslo", "2", "20", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, edited, Set.of()).wrongs("landed", undone))
        .anyMatch(wrong -> wrong.contains("did not write"));
  }

  @Test
  void aRowThatIsLeftOutIsFound() {
    MainState undone = state("1", "10", "Oslo");
    assertThat(new UndoJudgement(BEFORE, PROMOTED, PROMOTED, Set.of()).wrongs("landed", undone))
        .isNotEmpty();
    assertThat(new UndoJudgement(BEFORE, PROMOTED, PROMOTED, Set.of()).wrongs("held", undone))
        .isNotEmpty();
  }

  @Test
  void whatWasAddedIsTakenOffWhateverMainHas() {
    Set<UndoJudgement.Cell> sums =
        Set.of(new UndoJudgement.Cell(new RowId("s.stock", Map.of("id", "1")), "qty"));
    MainState edited = state("1", "61", "Oslo", "3", "30", "Rome");
    UndoJudgement judgement = new UndoJudgement(BEFORE, PROMOTED, edited, sums);
    assertThat(judgement.wrongs("landed", state("1", "60", "Oslo", "2", "20", "Oslo"))).isEmpty();
    assertThat(judgement.wrongs("landed", state("1", "10", "Oslo", "2", "20", "Oslo")))
        .isNotEmpty();
    assertThat(judgement.wrongs("landed", state("1", "61", "Oslo", "2", "20", "Oslo")))
        .isNotEmpty();
  }

  private static MainState state(String... cells) {
    Map<RowId, Map<String, @Nullable String>> rows = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i += 3) {
      rows.put(
          new RowId("s.stock", Map.of("id", cells[i])),
          Map.of("id", cells[i], "qty", cells[i + 1], "place", cells[i + 2]));
    }
    return new MainState(rows);
  }
}
