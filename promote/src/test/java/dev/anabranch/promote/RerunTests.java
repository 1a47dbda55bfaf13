package dev.anabranch.promote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.anabranch.base.AnabranchException;
import dev.anabranch.base.BranchName;
import dev.anabranch.base.Cell;
import dev.anabranch.base.ErrorCode;
import dev.anabranch.base.Image;
import dev.anabranch.base.Lsn;
import dev.anabranch.base.TableId;
import dev.anabranch.base.TableShape;
import dev.anabranch.ledger.Unit;
import dev.anabranch.ledger.Write;
import dev.anabranch.predicate.rehearsal.Again;
import dev.anabranch.promote.Promotion.Outcome;
import dev.anabranch.promote.Promotion.UnitCounts;
import dev.anabranch.promote.fact.DecisionAsked;
import dev.anabranch.promote.fact.Fact;
import dev.anabranch.promote.fact.FactRerun;
import dev.anabranch.testkit.TemporaryPostgres;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Units that are executed again, and decisions on whole tasks, on a real main. */
@Tag("postgres")
final class RerunTests {

  private static final BranchName ALICE = new BranchName("alice");

  private static final long SOLD = 17;

  /** Item 1 is sold on the branch, and main has counted it again. */
  private static Fork shop() {
    Fork fork =
        Fork.of(
            TemporaryPostgres.shared(),
            "CREATE TABLE item (id int PRIMARY KEY, qty int CHECK (qty < 100), place text)",
            "INSERT INTO item VALUES (1, 10, 'Oslo'), (2, 20, 'Oslo'), (3, 30, 'Oslo')");
    TableShape item = fork.table("item");
    fork.branch.unit(unit -> unit.update(item, "1", "qty", "9"));
    fork.verdicts.wouldDoOtherwise(SOLD, 1, item.id());
    fork.main("UPDATE item SET qty = 15 WHERE id = 1");
    fork.executed = unit -> done(unit, item, "15", "14", true);
    return fork;
  }

  private static Again done(
      Unit unit, TableShape item, String from, String to, boolean tellsTheSame) {
    TableId table = item.id();
    Write write =
        new Write.Update(
            table, unit.writes().getFirst().lsn(), row("1", from, "Oslo"), row("1", to, "Oslo"));
    return new Again.Done(
        unit.with(List.of(write)),
        List.of(new Again.Told(SOLD, tellsTheSame, "1 row", tellsTheSame ? "1 row" : "0 rows")),
        Set.of(table),
        true);
  }

  private static Image row(String... cells) {
    List<Cell> all = new ArrayList<>();
    Arrays.stream(cells).forEach(cell -> all.add(new Cell.Text(cell)));
    return new Image(all);
  }

  @Test
  void exactlyWhatWasShownLandsAndCanBeUndone() {
    try (Fork fork = shop()) {
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      assertThat(fact.choices()).containsExactly("accept", "rerun", "drop");
      FactRerun.Row shown = fact.rerun().orElseThrow().rows().getFirst();
      assertThat(shown.key()).containsEntry("id", "1");
      assertThat(shown.wrote().orElseThrow().cells()).containsOnly(Map.entry("qty", "9"));
      assertThat(shown.writes().orElseThrow().cells()).containsOnly(Map.entry("qty", "14"));
      Promotion promotion = promote(fork, asked(fact.id(), "rerun"));
      assertThat(promotion.outcome()).isEqualTo(Outcome.LANDED);
      assertThat(promotion.facts().getFirst().decided().orElseThrow().choice()).isEqualTo("rerun");
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("14");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.NOTHING);
      assertThat(fork.undo(promotion.receipt()).outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("15");
    }
  }

  @Test
  void whatItToldOtherwiseIsAskedFirst() {
    try (Fork fork = shop()) {
      TableShape item = fork.table("item");
      fork.executed = unit -> done(unit, item, "15", "14", false);
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      Promotion held = promote(fork, asked(fact.id(), "rerun"));
      assertThat(held.outcome()).isEqualTo(Outcome.HELD);
      Fact told = held.facts().stream().filter(Fact::isOpen).findFirst().orElseThrow();
      assertThat(told.sentence()).contains("told its client 1 row", "would tell 0 rows");
      assertThat(promote(fork, asked(told.id(), "accept")).outcome()).isEqualTo(Outcome.LANDED);
    }
  }

  @Test
  void whoeverSawTheRowAsItWasWaits() {
    try (Fork fork = shop()) {
      fork.verdicts.holds(18).rests(2, 18L).saw(18, 1).tables(18, fork.table("item").id());
      fork.branch.unit(unit -> unit.update(fork.table("item"), "3", "qty", "31"));
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      Promotion promotion = promote(fork, asked(fact.id(), "rerun"));
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(promotion.facts().getFirst().sentence()).contains("leaves otherwise");
      assertThat(fork.ask("SELECT qty FROM item ORDER BY id")).containsExactly("14", "20", "30");
    }
  }

  @Test
  void laterWorkOnTheSameRowLandsAfterIt() {
    try (Fork fork = shop()) {
      fork.branch.unit(unit -> unit.update(fork.table("item"), "1", "place", "Rome"));
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      Promotion promotion = promote(fork, asked(fact.id(), "rerun"));
      assertThat(promotion.units()).isEqualTo(new UnitCounts(2, 1, 1, 0));
      assertThat(fork.ask("SELECT qty, place FROM item WHERE id = 1")).containsExactly("14|Oslo");
      assertThat(fork.promote().outcome()).isEqualTo(Outcome.LANDED);
      assertThat(fork.ask("SELECT qty, place FROM item WHERE id = 1")).containsExactly("14|Rome");
    }
  }

  @Test
  void whatWouldBeSomethingElseByNowIsAskedAgain() {
    try (Fork fork = shop()) {
      TableShape item = fork.table("item");
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      promote(fork, true, asked(fact.id(), "rerun"));
      fork.main("UPDATE item SET qty = 40 WHERE id = 1");
      fork.executed = unit -> done(unit, item, "40", "39", true);
      Promotion promotion = fork.promote();
      assertThat(promotion.outcome()).isEqualTo(Outcome.HELD);
      assertThat(promotion.facts().getFirst().sentence()).contains("would write something else");
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("40");
      DecisionAsked stale =
          new DecisionAsked(
              fact.id(),
              Optional.of(fact.rerun().orElseThrow().state()),
              Optional.empty(),
              "rerun",
              Map.of());
      refused(fork, ErrorCode.FACT_CHANGED, stale);
    }
  }

  @Test
  void mainThatMovesWhileItIsWrittenHasItExecutedOnceMore() {
    try (Fork fork = shop()) {
      TableShape item = fork.table("item");
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      AtomicInteger asked = new AtomicInteger();
      AtomicBoolean moved = new AtomicBoolean();
      fork.passing =
          moment -> {
            if (moment == Promoter.Moment.BEGUN_STORED && moved.compareAndSet(false, true)) {
              fork.main("UPDATE item SET qty = 40 WHERE id = 1");
              fork.executed = unit -> done(unit, item, "40", "39", true);
            }
          };
      fork.window =
          (answers, own) -> {
            boolean doubt = moved.get() && asked.getAndIncrement() == 0;
            return new Recheck.Doubt(doubt ? answers : Set.of(), Set.of());
          };
      Promotion promotion = promote(fork, asked(fact.id(), "rerun"));
      assertThat(promotion.outcome()).isIn(Outcome.HELD, Outcome.REFUSED);
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("40");
    }
  }

  @Test
  void aCrashLandsItOnceOrNotAtAll() {
    for (Promoter.Moment crash : EnumSet.complementOf(EnumSet.of(Promoter.Moment.LOOKED))) {
      try (Fork fork = shop()) {
        Fact fact = fork.promoter().look(ALICE).facts().getFirst();
        promote(fork, true, asked(fact.id(), "rerun"));
        fork.passing =
            moment -> {
              if (moment == crash) {
                throw new IllegalStateException("killed");
              }
            };
        assertThatThrownBy(fork::promote).hasMessageContaining("killed");
        fork.passing = moment -> {};
        boolean committed = fork.ask("SELECT qty FROM item WHERE id = 1").contains("14");
        if (committed) {
          fork.markers.put(fork.newestPromotion(), new Lsn(1));
        }
        fork.promoter().recover();
        Promotion again = fork.promote();
        assertThat(again.outcome()).isEqualTo(committed ? Outcome.NOTHING : Outcome.LANDED);
        assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("14");
      }
    }
  }

  @Test
  void whatIsNotOfferedSaysWhyAndDecidesNothing() {
    try (Fork fork = shop()) {
      fork.executed = unit -> new Again.Not("it does something else each time");
      Fact fact = fork.promoter().look(ALICE).facts().getFirst();
      assertThat(fact.choices()).doesNotContain("rerun");
      assertThat(fact.rerun().orElseThrow().why()).contains("something else each time");
      refused(fork, ErrorCode.RERUN_NOT_OFFERED, asked(fact.id(), "rerun"));
      assertThat(fork.promote().facts()).allMatch(Fact::isOpen);
      assertThat(fork.ask("SELECT qty FROM item WHERE id = 1")).containsExactly("15");
    }
  }

  @Test
  void aTaskIsDecidedAsAWhole() {
    try (Fork fork = shop()) {
      TableShape item = fork.table("item");
      fork.branch.unit(unit -> unit.update(item, "2", "qty", "21"));
      fork.branch.unit(unit -> unit.update(item, "3", "qty", "31"));
      fork.verdicts.named(1, "sell").named(2, "count").named(3, "count");
      refused(fork, ErrorCode.TASK_UNKNOWN, asked("task:nosuchtask", "drop"));
      refused(fork, ErrorCode.CHOICE_INVALID, asked("task:count", "branch"));
      refused(fork, ErrorCode.CHOICE_INVALID, asked("task:count", "accept"));
      refused(
          fork,
          ErrorCode.TASK_CHANGED,
          new DecisionAsked("task:count", Optional.of("0000"), Optional.empty(), "drop", Map.of()));
      Promotion promotion = promote(fork, asked("task:count", "drop"));
      assertThat(promotion.units()).isEqualTo(new UnitCounts(3, 0, 1, 2));
      assertThat(promotion.tasks())
          .extracting(TaskWork::name, TaskWork::held, TaskWork::dropped)
          .containsExactlyInAnyOrder(
              tuple("sell", List.of(1L), List.of()), tuple("count", List.of(), List.of(2L, 3L)));
      assertThat(promote(fork, asked("task:sell", "accept")).facts())
          .anyMatch(fact -> fact.kind() == Fact.Kind.CONFLICT);
      Promotion open = promote(fork, true, asked("task:count", "open"));
      assertThat(open.units().dropped()).isZero();
    }
  }

  private static void refused(Fork fork, ErrorCode code, DecisionAsked... asked) {
    assertThatThrownBy(() -> promote(fork, asked))
        .isInstanceOfSatisfying(
            AnabranchException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static DecisionAsked asked(String fact, String choice) {
    return new DecisionAsked(fact, Optional.empty(), Optional.empty(), choice, Map.of());
  }

  private static Promotion promote(Fork fork, DecisionAsked... asked) {
    return promote(fork, false, asked);
  }

  private static Promotion promote(Fork fork, boolean dryRun, DecisionAsked... asked) {
    return fork.promoter()
        .promote(
            new PromoteRequest(
                ALICE,
                dryRun,
                false,
                Set.of(),
                List.of(asked),
                "ann",
                Optional.empty(),
                Optional.empty()));
  }
}
