package dev.anabranch.promote.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anabranch.branch.TaskBy;
import dev.anabranch.ledger.Answer;
import dev.anabranch.ledger.Ending;
import dev.anabranch.ledger.Span;
import dev.anabranch.ledger.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TasksTests {

  private static final Task PSQL = new Task.Work("ann", "psql", "127.0.0.1");
  private static final Task SHOP = new Task.Work("ann", "shop", "127.0.0.1");
  private static final Task ORDER = new Task.Named("order 17");
  private static final Task ONE = new Task.Traced("0af7651916cd43dd8448eb211c80319c");
  private static final Task OTHER = new Task.Traced("ffffffffffffffffffffffffffffffff");

  private final Past past = new Past();

  @Test
  void whatOneConnectionReadCountsForWhatTheNextOneWrites() {
    Answer read = past.ask(1, 1, PSQL, 0);
    Ending write = past.end(2, 1, PSQL, 14);
    assertThat(past.restsOn(write, TaskBy.WINDOW)).containsExactly(1L);
    assertThat(past.tie(write, read)).isEqualTo(Tie.WINDOW);
  }

  @Test
  void aLongPauseEndsAWindowAndNotASession() {
    past.ask(1, 1, PSQL, 0);
    past.ask(2, 1, PSQL, 1);
    Ending sameSession = past.end(2, 2, PSQL, 100);
    Ending later = past.end(3, 1, PSQL, 116);
    assertThat(past.restsOn(sameSession, TaskBy.WINDOW)).containsExactly(1L, 2L);
    assertThat(past.restsOn(later, TaskBy.WINDOW)).isEmpty();
  }

  @Test
  void sessionsAreAtWorkTogetherWhileOneOfThemPauses() {
    past.ask(1, 1, PSQL, 0);
    past.ask(2, 1, PSQL, 60);
    Ending end = past.end(1, 2, PSQL, 120);
    assertThat(past.restsOn(end, TaskBy.WINDOW)).containsExactly(1L, 2L);
  }

  @Test
  void anotherApplicationIsAnotherTask() {
    past.ask(1, 1, SHOP, 0);
    past.ask(2, 1, PSQL, 0);
    assertThat(past.restsOn(past.end(2, 2, PSQL, 1), TaskBy.WINDOW)).containsExactly(2L);
  }

  @Test
  void aSessionThatCallsItselfAnotherApplicationKnowsWhatItRead() {
    Answer read = past.ask(1, 1, SHOP, 0);
    past.ask(2, 1, SHOP, 0);
    past.ask(3, 1, PSQL, 90);
    past.ask(1, 2, ORDER, 90);
    Ending end = past.end(1, 3, PSQL, 100);
    assertThat(past.restsOn(end, TaskBy.WINDOW)).containsExactly(1L, 3L);
    assertThat(past.tie(end, read)).isEqualTo(Tie.WINDOW);
    assertThat(past.restsOn(past.end(1, 4, ORDER, 101), TaskBy.WINDOW)).containsExactly(4L);
  }

  @Test
  void aNameHoldsAcrossSessionsAndDays() {
    Answer read = past.ask(1, 1, ORDER, 0);
    past.ask(2, 1, PSQL, 9_000);
    Ending write = past.end(2, 2, ORDER, 9_000);
    assertThat(past.restsOn(write, TaskBy.WINDOW)).containsExactly(1L);
    assertThat(past.tie(write, read)).isEqualTo(Tie.TASK);
  }

  @Test
  void requestsOfOnePoolAreToldApartByTheirTraces() {
    past.ask(1, 1, ONE, 0);
    past.ask(2, 1, OTHER, 0);
    past.ask(1, 2, OTHER, 0);
    assertThat(past.restsOn(past.end(2, 2, ONE, 0), TaskBy.WINDOW)).containsExactly(1L);
    assertThat(past.restsOn(past.end(1, 3, OTHER, 0), TaskBy.WINDOW)).containsExactly(2L, 3L);
  }

  @Test
  void aCommitWithoutACommentIsForWhatItsStatementsWereFor() {
    past.ask(1, 1, ONE, 0);
    past.ask(2, 1, SHOP, 0);
    Answer own = past.ask(2, 2, ONE, 0);
    Ending commit = past.end(2, 2, SHOP, 0);
    assertThat(past.restsOn(commit, TaskBy.WINDOW)).containsExactly(1L, 3L);
    assertThat(past.tie(commit, own)).isEqualTo(Tie.OWN);
  }

  @Test
  void ownStatementsCountWhateverTheyWereFor() {
    past.ask(1, 1, PSQL, 0);
    past.ask(1, 1, ORDER, 0);
    past.ask(2, 1, ORDER, 0);
    for (TaskBy by : TaskBy.values()) {
      assertThat(past.restsOn(past.end(1, 1, ORDER, 0), by)).contains(1L, 2L);
    }
  }

  @Test
  void whatWasAskedAfterTheEndDoesNotCountAndWhatOverlapsItDoes() {
    past.ask(1, 1, PSQL, 0, new Span(5, 9));
    past.ask(1, 2, PSQL, 0, new Span(11, 12));
    Ending end = past.end(2, 1, PSQL, 0, new Span(8, 10));
    assertThat(past.restsOn(end, TaskBy.WINDOW)).containsExactly(1L);
  }

  @Test
  void aBranchMayTellTasksApartInOtherWays() {
    past.ask(1, 1, PSQL, 0);
    past.ask(2, 1, PSQL, 0);
    past.ask(2, 2, PSQL, 0);
    past.ask(3, 1, ORDER, 0);
    Ending end = past.end(2, 2, PSQL, 0);
    assertThat(past.restsOn(end, TaskBy.WINDOW)).containsExactly(1L, 2L, 3L);
    assertThat(past.restsOn(end, TaskBy.SESSION)).containsExactly(2L, 3L);
    assertThat(past.restsOn(end, TaskBy.TRANSACTION)).containsExactly(3L);
    assertThat(past.restsOn(end, TaskBy.BRANCH)).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void aNameHoldsHoweverTheRestIsToldApart() {
    past.ask(1, 1, ORDER, 0);
    Ending end = past.end(2, 1, ORDER, 0);
    assertThat(List.of(TaskBy.values()))
        .allSatisfy(by -> assertThat(past.restsOn(end, by)).containsExactly(1L));
  }

  @Test
  void anEntryOfAnEarlierVersionWithoutANameCountsForItsSession() {
    past.ask(1, 1, new Task.SessionAlone(), 0);
    past.ask(2, 1, new Task.SessionAlone(), 0);
    assertThat(past.restsOn(past.end(1, 2, new Task.SessionAlone(), 99), TaskBy.WINDOW))
        .containsExactly(1L);
  }
}
